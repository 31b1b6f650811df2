use aloud::{
    bank::built_in,
    insight::{Answer, observe},
    transcript::Transcript,
};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let t = std::time::Instant::now();
    let bank = built_in();
    eprintln!("bank {:.1} ms {:?}", t.elapsed().as_secs_f64() * 1000.0, bank.problems);
    if args[1] == "others" {
        return others();
    }
    if args[1] == "bench" {
        let mut best = f64::MAX;
        for _ in 0..30 {
            let t = std::time::Instant::now();
            let _ = built_in();
            best = best.min(t.elapsed().as_secs_f64() * 1000.0);
        }
        println!("best {best:.1} ms");
        return;
    }
    if args[1] == "most" {
        let f = bank.fields.iter().find(|f| f.id == args[2]);
        let said = std::fs::read_to_string(&args[3]).unwrap();
        for line in said.lines() {
            let t = Transcript::typed(&format!("{line} {line} {line}"));
            for m in observe(Answer {
                transcript: &t,
                seconds: None,
                question: None,
                field: f,
            })
            .most_used
            {
                println!("{} {} {:?}", m.word, m.job_term, m.synonyms);
            }
        }
        return;
    }
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let (mut hit, mut all, mut extra, mut found_all, mut traps, mut trap_bad) = (0, 0, 0, 0, 0, 0);
    let mut per: std::collections::BTreeMap<String, (usize, usize)> = Default::default();
    for line in text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
        let (field, labels, said): (String, Vec<String>, String) = if line.starts_with('{') {
            let v: serde_json::Value = serde_json::from_str(line).unwrap();
            let f = v["field"].as_str().unwrap().to_owned();
            (
                f,
                v["terms"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|t| t.as_str().unwrap().to_owned())
                    .collect(),
                v["text"].as_str().unwrap().to_owned(),
            )
        } else {
            let p: Vec<&str> = line.splitn(3, " | ").collect();
            (
                p[0].to_owned(),
                p[1].split(", ").filter(|t| *t != "none").map(str::to_owned).collect(),
                p[2].to_owned(),
            )
        };
        let Some(field) = bank.fields.iter().find(|f| f.id == field) else {
            println!("no field {field}");
            continue;
        };
        let transcript = Transcript::typed(&said);
        let found = observe(Answer {
            transcript: &transcript,
            seconds: None,
            question: None,
            field: Some(field),
        })
        .job_terms
        .used;
        // char ranges
        let plain = |s: &str| {
            s.to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '+' || *c == '#')
                .collect::<String>()
        };
        let mut starts = vec![];
        let mut joined = String::new();
        for w in &transcript.words {
            let a = joined.len();
            joined.push_str(&plain(&w.text));
            starts.push((a, joined.len()));
        }
        let mut spans: Vec<(usize, usize, String, bool)> = found
            .iter()
            .flat_map(|u| {
                u.words
                    .iter()
                    .map(|w| (starts[w.start].0, starts[w.end - 1].1, u.term.clone(), false))
                    .collect::<Vec<_>>()
            })
            .collect();
        let mut missed = vec![];
        for label in &labels {
            let l = plain(label);
            let mut ok = false;
            let mut seen = false;
            let mut from = 0;
            while let Some(i) = joined[from..].find(&l) {
                seen = true;
                let (a, b) = (from + i, from + i + l.len());
                for s in &mut spans {
                    if s.0 < b && a < s.1 {
                        s.3 = true;
                        ok = true;
                    }
                }
                from = a + 1;
            }
            if !seen {
                for s in &mut spans {
                    if plain(&s.2) == l {
                        ok = true;
                        s.3 = true;
                    }
                }
            }
            all += 1;
            hit += usize::from(ok);
            let e = per.entry(field.id.clone()).or_default();
            e.1 += 1;
            e.0 += usize::from(ok);
            if !ok {
                missed.push(label.as_str());
            }
        }
        let ex: Vec<&str> = spans.iter().filter(|s| !s.3).map(|s| s.2.as_str()).collect();
        if labels.is_empty() {
            traps += 1;
            trap_bad += usize::from(!spans.is_empty());
        }
        found_all += spans.len();
        extra += ex.len();
        if (!missed.is_empty() || !ex.is_empty()) && args.len() > 2 {
            println!("{}: missed {missed:?} extra {ex:?} | {said}", field.id);
        }
    }
    for (f, (h, a)) in per {
        println!("  {f}: {h}/{a} = {:.3}", h as f64 / a as f64);
    }
    println!(
        "recall {hit}/{all} = {:.3}; extra {extra} of {found_all} found; traps {trap_bad}/{traps}",
        hit as f64 / all as f64
    );
}
#[allow(dead_code)]
fn others() {
    let bank = built_in();
    for field in &bank.fields {
        for q in &field.questions {
            let t = Transcript::typed("I would rather not say.");
            let o = observe(Answer {
                transcript: &t,
                seconds: None,
                question: Some(q),
                field: Some(field),
            })
            .job_terms
            .others;
            println!(
                "{:?} {} => {}",
                q.kind,
                q.prompt.chars().take(80).collect::<String>(),
                o.join(", ")
            );
        }
    }
}
