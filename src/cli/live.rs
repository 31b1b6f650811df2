//! `aloud live`: a file as if it were spoken now, or the microphone, through the same session as the window.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, mpsc::sync_channel},
    time::Duration,
};

use serde_json::json;

use crate::session::{Command, Event, ModelState, Session, Source, TakePlan, library::Temporary};

pub fn temporary(model: &str, wav: &str) {
    let (wake, woken) = sync_channel::<()>(1);
    let session = Session::start(Arc::new(Temporary), move || {
        let _ = wake.try_send(());
    })
    .unwrap();
    session.send(Command::LoadModel(model.to_owned()));
    let path = PathBuf::from(format!("/tmp/take-{}.wav", std::process::id()));
    let mut out = std::io::stdout();
    loop {
        let _ = woken.recv_timeout(Duration::from_millis(100));
        for event in session.drain() {
            match event {
                Event::Model(ModelState::Ready { .. }) => {
                    writeln!(out, "{}", json!({"type":"started","model":model})).unwrap();
                    session.send(Command::Record(TakePlan {
                        sound: path.clone(),
                        source: Source::File(Path::new(wav).to_owned()),
                        glossary: vec![],
                    }));
                }
                Event::Words(u) => {
                    writeln!(out, "{}", json!({"type":"update","at":u.at,"heard":u.heard,"settled":u.settled.iter().map(|w| json!({"text":w.text,"start":w.span.unwrap().start,"end":w.span.unwrap().end})).collect::<Vec<_>>(),"tentative":u.tentative})).unwrap();
                }
                Event::Stopped(t) => writeln!(out, "{}", json!({"type":"stopped","at":t.seconds})).unwrap(),
                Event::Transcribed { transcript, take, .. } => {
                    let r = crate::cli::report::Report {
                        model: Some(model),
                        seconds: Some(take.seconds),
                        lost_samples: take.lost_samples,
                        transcript: &transcript,
                        insights: &Default::default(),
                    };
                    writeln!(out, "{}", r.json()).unwrap();
                    let _ = std::fs::remove_file(&path);
                    return;
                }
                Event::Trouble(t) => eprintln!("{t}"),
                _ => {}
            }
        }
    }
}
