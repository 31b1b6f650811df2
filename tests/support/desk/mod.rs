//! A desk of its own for the real window: a display, a sound server with a microphone, a keyboard, and a screen reader
//! that tells what stands on screen. All of it is made for one test and ends with it.

#![allow(dead_code, reason = "no test uses all of it")]

mod manager;
mod reader;

use std::{
    cell::RefCell,
    fs::{self, File},
    io::{BufRead as _, BufReader, BufWriter, Read as _},
    os::unix::{fs::PermissionsExt as _, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

pub use manager::Manager;
pub use reader::Node;
use reader::Reader;

use crate::real::{alone, say, skip, until};

/// How long a step may take on a machine that is busy with other things.
pub const SOON: Duration = Duration::from_secs(30);
/// For steps that decode a whole answer.
pub const LONG: Duration = Duration::from_mins(3);

const WIDTH: usize = 1280;
const HEIGHT: usize = 800;

/// A program that ends with the test.
#[derive(Debug)]
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first, so that it can clean up behind itself; whatever then still runs is ended.
        let asked = Command::new("sh")
            .args(["-c", &format!("kill {}", self.0.id())])
            .stderr(Stdio::null())
            .status();
        let begun = Instant::now();
        while asked.is_ok() && begun.elapsed() < Duration::from_secs(5) {
            if let Ok(Some(_)) = self.0.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // Both fail only where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// A sound server whose one microphone hears what is played to it.
    Microphone,
    /// No sound server, and no sound card.
    None,
}

/// The desk. Fields are dropped in order: the window before what it stands on.
#[derive(Debug)]
pub struct Desk {
    window: RefCell<Option<Running>>,
    sound: RefCell<Option<Running>>,
    reader: Reader,
    _bus: Running,
    _display: Running,
    number: String,
    models: PathBuf,
    place: tempfile::TempDir,
    name: &'static str,
}

impl Desk {
    /// Sets a desk up; nothing where this machine has not what it takes.
    pub fn new(name: &'static str, models: &Path, sound: Sound) -> Option<Self> {
        for program in ["Xvfb", "xdotool", "pulseaudio", "pactl", "paplay", "dbus-daemon"] {
            let found = std::env::var_os("PATH")
                .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
            if !found {
                skip(&format!("there is no {program} here"));
                return None;
            }
        }
        let mut place = tempfile::tempdir().unwrap();
        // To look into what a test has left behind.
        place.disable_cleanup(std::env::var_os("ALOUD_TESTS_KEEP").is_some());
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let (display, number) = display(place.path());
        let (bus, address) = bus(place.path(), &number);
        let desk = Self {
            window: RefCell::default(),
            sound: RefCell::default(),
            reader: Reader::new(&address),
            _bus: bus,
            _display: display,
            number,
            models: models.to_owned(),
            place,
            name,
        };
        desk.has_been_here();
        if sound == Sound::Microphone {
            desk.start_sound();
        }
        Some(desk)
    }

    /// Somebody has practiced here before: the window opens at Home.
    fn has_been_here(&self) {
        fs::create_dir_all(self.data()).unwrap();
        fs::write(
            self.data().join("settings.json"),
            r#"{"schema": 3, "content": {"welcomed": true}}"#,
        )
        .unwrap();
    }

    /// Nobody has ever opened a window here.
    pub fn is_new(&self) {
        fs::remove_file(self.data().join("settings.json")).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        alone(&mut command, self.place.path());
        command
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", self.reader.session_address())
            .env("PULSE_SERVER", format!("unix:{}", self.sound_socket().display()))
            .env("ALOUD_MODELS", &self.models)
            .env("PATH", self.path())
            .stdin(Stdio::null());
        command
    }

    /// Programs of this desk's own come before those of the machine.
    fn path(&self) -> std::ffi::OsString {
        let machine = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.programs()).chain(std::env::split_paths(&machine));
        std::env::join_paths(folders).unwrap()
    }

    fn programs(&self) -> PathBuf {
        self.place.path().join("programs")
    }

    /// Puts a program here, as a shell script. Gives its path.
    pub fn add_program(&self, name: &str, script: &str) -> PathBuf {
        fs::create_dir_all(self.programs()).unwrap();
        let path = self.programs().join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn sound_socket(&self) -> PathBuf {
        self.place.path().join("pulse/native")
    }

    /// Where the window keeps the user's files.
    pub fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    // The sound.

    /// Starts the sound server: what is played into its room is what its microphone hears.
    pub fn start_sound(&self) {
        let mut command = self.command("pulseaudio");
        command
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no"])
            .args(["--high-priority=no", "--load=module-native-protocol-unix"])
            .arg("--load=module-null-sink sink_name=room")
            .arg("--load=module-remap-source master=room.monitor source_name=mic source_properties=device.description=TestMic")
            .env_remove("PULSE_SERVER")
            .stdout(Stdio::null())
            .stderr(File::create(self.place.path().join("sound.log")).unwrap());
        *self.sound.borrow_mut() = Some(Running(command.spawn().unwrap()));
        until("sound server", SOON, || UnixStream::connect(self.sound_socket()).ok());
        until("microphone as the system's choice", SOON, || {
            let mut command = self.command("pactl");
            let chosen = command
                .args(["set-default-source", "mic"])
                .stderr(Stdio::null())
                .status();
            chosen.unwrap().success().then_some(())
        });
    }

    /// Ends the sound server as a crash does.
    pub fn kill_sound(&self) {
        let mut sound = self.sound.borrow_mut().take().expect("the sound server runs");
        sound.0.kill().unwrap();
        sound.0.wait().unwrap();
    }

    /// Begins to play a file into the room.
    pub fn play(&self, sound: &Path) -> Playing {
        let mut command = self.command("paplay");
        command.arg("--device=room").arg(sound).stderr(Stdio::null());
        Playing(Running(command.spawn().unwrap()))
    }

    /// Begins to listen to what sounds in the room.
    pub fn decode_final(&self) -> Listening {
        let mut command = self.command("parec");
        command
            .args([
                "--device=room.monitor",
                "--format=s16le",
                "--channels=1",
                "--latency-msec=50",
            ])
            .arg(format!("--rate={}", Listening::RATE))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut program = command.spawn().unwrap();
        let mut sound = program.stdout.take().unwrap();
        // It listens once there is a first sample.
        sound.read_exact(&mut [0; 2]).unwrap();
        Listening {
            sound,
            _program: Running(program),
        }
    }

    // The window.

    /// Starts the program, waits until it has painted, and gives it the keyboard.
    pub fn open(&self) -> Opened {
        self.open_by(self.command(env!("CARGO_BIN_EXE_aloud")))
    }

    /// The same under strace, which writes down every connection that the program or a child of it asks the system
    /// for.
    pub fn open_traced(&self, trace: &Path) -> Opened {
        let mut command = self.command("strace");
        command
            .args([
                "-f",
                "-qq",
                "--seccomp-bpf",
                "-e",
                "trace=socket,connect,bind,sendto,sendmsg,execve",
                "-o",
            ])
            .arg(trace)
            .arg(env!("CARGO_BIN_EXE_aloud"));
        self.open_by(command)
    }

    /// A second start of the program while the window is open, to its end.
    pub fn open_again(&self) -> std::process::Output {
        self.second_start().wait_with_output().unwrap()
    }

    /// Begins a second start.
    pub fn second_start(&self) -> Child {
        let mut command = self.command(env!("CARGO_BIN_EXE_aloud"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.arg("--data").arg(self.data()).spawn().unwrap()
    }

    pub fn manager(&self) -> Manager {
        Manager::new(&self.number)
    }

    /// Holds the window's program where it is, as one that hangs, or lets it go on.
    pub fn hold(&self, held: bool) {
        let process = self.window.borrow().as_ref().expect("the window is open").0.id();
        let signal = if held { "-STOP" } else { "-CONT" };
        let sent = Command::new("kill").args([signal, &process.to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for another window beside this one. Gives its number.
    pub fn window_beside(&self, first: u32) -> u32 {
        until("second window with the name Aloud", SOON, || {
            self.windows().into_iter().find(|window| *window != first)
        })
    }

    /// Gives the keyboard to a window.
    pub fn focus_on(&self, window: u32) {
        let mut command = self.command("xdotool");
        let focused = command.args(["windowfocus", "--sync", &window.to_string()]).status();
        assert!(focused.unwrap().success());
    }

    fn open_by(&self, mut command: Command) -> Opened {
        self.reader.decode_final();
        let blank = self.picture();
        let begun = Instant::now();
        command.arg("--data").arg(self.data());
        *self.window.borrow_mut() = Some(Running(command.spawn().unwrap()));
        until("painted window", SOON, || {
            (self.picture().colors() > blank.colors() + 8).then_some(())
        });
        let painted = begun.elapsed();
        let window = until("window with the name Aloud", SOON, || self.window_number());
        self.focus_on(window);
        let process = self.window.borrow().as_ref().unwrap().0.id();
        Opened {
            process,
            window,
            begun,
            painted,
        }
    }

    fn window_number(&self) -> Option<u32> {
        self.windows().into_iter().next()
    }

    fn windows(&self) -> Vec<u32> {
        let output = self
            .command("xdotool")
            .args(["search", "--onlyvisible", "--name", "^Aloud$"])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|number| number.parse().unwrap()).collect()
    }

    /// Ends the window as a crash or a power cut does.
    pub fn kill_window(&self) {
        let mut window = self.window.borrow_mut().take().expect("the window is open");
        window.0.kill().unwrap();
        window.0.wait().unwrap();
    }

    /// Ends the program under strace, and waits until strace has written everything down.
    pub fn end_traced(&self) {
        let strace = self.window.borrow().as_ref().expect("the window is open").0.id();
        let children = fs::read_to_string(format!("/proc/{strace}/task/{strace}/children")).unwrap();
        let program = children.split_whitespace().next().expect("strace runs the program");
        let asked = Command::new("kill").arg(program).status();
        assert!(asked.unwrap().success());
        until("end of the program", SOON, || (!self.is_open()).then_some(()));
        *self.window.borrow_mut() = None;
    }

    /// Whether the window is still there.
    pub fn is_open(&self) -> bool {
        let mut window = self.window.borrow_mut();
        window
            .as_mut()
            .is_some_and(|window| window.0.try_wait().unwrap().is_none())
    }

    /// Presses a key, by its name for X11: "space", "Tab", "Return", "k".
    pub fn press(&self, key: &str) {
        let pressed = self.command("xdotool").args(["key", "--clearmodifiers", key]).status();
        assert!(pressed.unwrap().success(), "the key {key}");
    }

    /// Types a text.
    pub fn write(&self, text: &str) {
        let typed = self.command("xdotool").args(["type", "--delay", "20", text]).status();
        assert!(typed.unwrap().success(), "typing {text}");
    }

    /// Goes with the Tab key to the thing of this name.
    pub fn tab_to(&self, name: &str) {
        const MOST: usize = 80;
        let mut passed: Vec<String> = Vec::new();
        for _ in 0..MOST {
            let before = self.focus();
            if before.as_ref().is_some_and(|node| node.name == name) {
                return;
            }
            self.press("Tab");
            // The next one has the focus as soon as the window has painted it.
            let now = until("thing that the Tab key leads to", SOON, || {
                self.focus()
                    .filter(|now| Some(now.place()) != before.as_ref().map(Node::place))
            });
            passed.push(now.name);
        }
        panic!("the Tab key does not lead to '{name}', but to {passed:?}");
    }

    /// Waits until the window has put the focus on the thing of this name.
    pub fn wait_for_focus(&self, name: &str) {
        until(&format!("focus on '{name}'"), SOON, || {
            self.focus().filter(|node| node.name == name)
        });
    }

    fn focus(&self) -> Option<Node> {
        self.screen().into_iter().find(|node| node.focused && !node.is_window())
    }

    /// Everything that stands on screen, as a screen reader is told.
    pub fn screen(&self) -> Vec<Node> {
        self.reader.screen()
    }

    /// Waits for a text on screen, and gives the thing that says it.
    pub fn wait_for(&self, text: &str) -> Node {
        self.wait_long_for(text, SOON)
    }

    pub fn wait_long_for(&self, text: &str, patience: Duration) -> Node {
        const GLANCE: Duration = Duration::from_millis(100);
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if let Some(node) = screen.iter().find(|node| node.shows(text)) {
                return node.clone();
            }
            if begun.elapsed() > patience {
                self.keep_picture("failed");
                let texts: Vec<String> = screen.into_iter().map(|node| node.name).collect();
                panic!("'{text}' did not come up in {patience:?}. On screen: {texts:#?}");
            }
            // Asking is work for the window, which has other things to do.
            std::thread::sleep(GLANCE);
        }
    }

    /// Whether a text stands on screen now.
    pub fn shows(&self, text: &str) -> bool {
        self.screen().iter().any(|node| node.shows(text))
    }

    // Pictures.

    /// What the display shows now: the display's own memory, as it lies in a file.
    fn picture(&self) -> Picture {
        let file = self.place.path().join("Xvfb_screen0");
        Picture::of_window_dump(&fs::read(file).unwrap())
    }

    /// Keeps a picture of the window among what the build makes, and says where.
    pub fn keep_picture(&self, moment: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .parent()
            .unwrap()
            .join("window-test");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{}-{moment}.png", self.name));
        // What was told is painted a little later; what moves all the time is not waited for.
        let begun = Instant::now();
        let mut picture = self.picture();
        while begun.elapsed() < Duration::from_secs(1) {
            std::thread::sleep(Duration::from_millis(200));
            let now = self.picture();
            if std::mem::replace(&mut picture, now).bytes == picture.bytes {
                break;
            }
        }
        picture.write(&path);
        say(&format!("picture: {}", path.display()));
    }
}

/// A window that was opened.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    pub process: u32,
    /// Its number on the display.
    pub window: u32,
    pub begun: Instant,
    /// From the start of the process to its first painted frame.
    pub painted: Duration,
}

/// Ears in the room.
#[derive(Debug)]
pub struct Listening {
    sound: ChildStdout,
    _program: Running,
}

impl Listening {
    const RATE: usize = 16_000;

    /// How loud the next while is: the root of the mean square, of full scale.
    pub fn loudness(&mut self, time: Duration) -> f64 {
        let mut bytes = vec![0; (Self::RATE as f64 * time.as_secs_f64()) as usize * 2];
        self.sound.read_exact(&mut bytes).unwrap();
        let squares = bytes.chunks_exact(2).map(|sample| {
            let sample = f64::from(i16::from_le_bytes([sample[0], sample[1]])) / 32_768.0;
            sample * sample
        });
        (squares.sum::<f64>() / (bytes.len() / 2) as f64).sqrt()
    }
}

/// A file that is being played.
#[derive(Debug)]
pub struct Playing(Running);

impl Playing {
    /// Waits until all of it has been heard.
    pub fn wait(mut self) {
        assert!(self.0.0.wait().unwrap().success(), "the file was played to its end");
    }
}

/// A display that nobody sees, with its memory in a file of this folder. Gives its number.
fn display(place: &Path) -> (Running, String) {
    let mut command = Command::new("Xvfb");
    let screen = format!("{WIDTH}x{HEIGHT}x24");
    command
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &screen,
            "-nolisten",
            "tcp",
            "-noreset",
            "-fbdir",
        ])
        .arg(place)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut display = Running(command.spawn().unwrap());
    let mut number = String::new();
    BufReader::new(display.0.stdout.take().unwrap())
        .read_line(&mut number)
        .unwrap();
    assert!(!number.trim().is_empty(), "the display Xvfb did not start");
    (display, format!(":{}", number.trim()))
}

/// A message bus, which starts what screen readers need when it is asked for. Gives its address.
fn bus(place: &Path, number: &str) -> (Running, String) {
    let mut command = Command::new("dbus-daemon");
    alone(&mut command, place);
    command
        .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
        .arg(format!("--address=unix:path={}", place.join("bus").display()))
        .env("DISPLAY", number)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut bus = Running(command.spawn().unwrap());
    let mut address = String::new();
    BufReader::new(bus.0.stdout.take().unwrap())
        .read_line(&mut address)
        .unwrap();
    assert!(!address.trim().is_empty(), "the message bus did not start");
    (bus, address.trim().to_owned())
}

/// A picture: red, green and blue of every pixel.
struct Picture {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Picture {
    /// Reads X11's window dump format: a header of 32-bit numbers, a table of colours, the pixels.
    fn of_window_dump(dump: &[u8]) -> Self {
        let number = |index: usize| u32::from_be_bytes(dump[index * 4..index * 4 + 4].try_into().unwrap()) as usize;
        let (header, width, height, line, colors) = (number(0), number(4), number(5), number(12), number(19));
        let pixels = &dump[header + colors * 12..];
        let bytes = (0..height)
            .flat_map(|y| pixels[y * line..y * line + width * 4].chunks(4))
            .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
            .collect();
        Self { width, height, bytes }
    }

    /// How many colours there are in it: one in an empty window, many where there is writing.
    fn colors(&self) -> usize {
        let mut colors: Vec<&[u8]> = self.bytes.chunks(3).step_by(3).collect();
        colors.sort_unstable();
        colors.dedup();
        colors.len()
    }

    fn write(&self, path: &Path) {
        let file = BufWriter::new(File::create(path).unwrap());
        let mut encoder = png::Encoder::new(file, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(&self.bytes).unwrap();
    }
}
