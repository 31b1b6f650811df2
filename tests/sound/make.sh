#!/bin/sh
# Makes the recordings of this folder anew. Needs ffmpeg 5 or newer, and Python for one of them.
set -e
cd "$(dirname "$0")"
tone='0.3*sin(2*PI*500*t)*lt(t\,0.4)+0.3*sin(2*PI*1000*t)*between(t\,0.7\,1.1)+0.3*sin(2*PI*500*t)*gt(t\,1.1)'
say() { ffmpeg -hide_banner -loglevel error -y -f lavfi -i "aevalsrc=$tone:s=48000:d=1.5" -bitexact "$@"; }
say -ar 16000 -c:a aac -b:a 24k -f ipod index-last.m4a
say -ar 44100 -ac 2 -c:a aac -b:a 48k -movflags +faststart -f ipod index-first.m4a
say -ar 16000 -c:a aac -b:a 24k -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 300000 -f mp4 fragments.mp4
say -ar 6000 -c:a alac -f ipod lossless.m4a
say -ar 16000 -c:a adpcm_ima_qt -f mov ima.mov
say -ar 6000 -c:a pcm_s16be -f mov samples.mov
say -ar 16000 -c:a aac -b:a 24k -f adts frames.aac
say -ar 16000 -c:a libmp3lame -b:a 32k -f mp3 tagged.mp3
say -ar 22050 -c:a libmp3lame -b:a 32k -write_xing 0 -id3v2_version 0 -f mp3 bare.mp3
say -c:a libopus -b:a 16k -f ogg voice.ogg
say -ar 16000 -c:a libvorbis -q:a 1 -f ogg vorbis.ogg
say -ar 8000 -c:a flac -f ogg flac.ogg
say -ar 6000 -c:a flac -f flac lossless.flac
say -c:a libopus -b:a 16k -f webm -live 1 -cluster_time_limit 300 - >live.webm
say -ar 16000 -c:a libvorbis -q:a 1 -f matroska vorbis.mkv
say -ar 16000 -c:a aac -b:a 24k -f matroska aac.mkv
say -ar 6000 -c:a alac -f caf lossless.caf
say -c:a libopus -b:a 16k -f caf opus.caf
say -ar 16000 -c:a adpcm_ima_qt -f caf ima.caf
say -ar 16000 -c:a adpcm_ima_qt -f aiff ima.aifc
say -ar 16000 -c:a adpcm_ms -f wav ms-adpcm.wav
say -ar 11025 -ac 2 -c:a adpcm_ima_wav -block_size 256 -f wav ima-adpcm.wav
say -ar 16000 -c:a libmp3lame -b:a 32k -f wav mp3.wav
# A browser never goes back to say how long a cluster is.
python3 - <<'PYTHON'
data, out, at = open("live.webm", "rb").read(), b"", 0
while (found := data.find(b"\x1f\x43\xb6\x75", at)) >= 0:
    length = 9 - data[found + 4].bit_length()
    out += data[at : found + 4] + b"\x01" + b"\xff" * 7
    at = found + 4 + length
open("live.webm", "wb").write(out + data[at:])
PYTHON
