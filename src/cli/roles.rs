//! `aloud roles`: the roles of a field, or of all.

use std::{collections::BTreeMap, io::Write};

use serde::Serialize;

use super::{CommandError, line};
use crate::bank::Bank;

/// A role as `--json` prints it.
#[derive(Debug, Serialize)]
struct RoleObject<'a> {
    id: &'a str,
    name: &'a str,
    field: &'a str,
    topics: &'a BTreeMap<String, u32>,
}

pub fn run(bank: &Bank, field: Option<&str>, json: bool, out: &mut dyn Write) -> Result<(), CommandError> {
    let field = field.map(|field| bank.field_named(field)).transpose();
    let field = field.map_err(CommandError::misuse)?.map(|field| field.id.as_str());
    let roles: Vec<RoleObject<'_>> = bank
        .fields
        .iter()
        .filter(|home| field.is_none_or(|field| home.id == field))
        .flat_map(|home| {
            home.roles.iter().map(|role| RoleObject {
                id: &role.id,
                name: &role.name,
                field: &home.id,
                topics: &role.topics,
            })
        })
        .collect();
    if json {
        line(out, &serde_json::json!({"type": "roles", "roles": roles}))?;
    } else {
        for role in &roles {
            writeln!(out, "{}  {}  {}", role.id, role.field, role.name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::built_in;

    #[test]
    fn each_role_tells_its_field_and_topics() {
        let mut out = Vec::new();
        run(&built_in(), Some("Cybersecurity"), true, &mut out).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(list["type"], "roles");
        let first = &list["roles"][0];
        assert_eq!(
            (&first["id"], &first["field"], &first["name"]),
            (&"soc-analyst".into(), &"cybersecurity".into(), &"SOC analyst".into())
        );
        assert!(first["topics"]["operations"].as_u64().unwrap() >= 1);
    }
}
