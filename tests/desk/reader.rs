//! What a screen reader on Linux is told, over the accessibility bus (AT-SPI).

use std::collections::VecDeque;

use zbus::{
    Connection, Message, block_on,
    connection::Builder,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

use super::SOON;
use crate::real::until;

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
/// More than any screen of this program holds.
const MOST_NODES: usize = 3000;
/// Bits of a node's state.
const FOCUSED: u32 = 12;

/// One thing on screen.
#[derive(Clone, Debug)]
pub struct Node {
    pub role: String,
    pub name: String,
    /// Of a meter or a progress bar.
    pub value: Option<f64>,
    pub focused: bool,
    at: Address,
}

/// Where a node lives: a program on the bus, and a path in it.
type Address = (String, OwnedObjectPath);

impl Node {
    pub fn says(&self, text: &str) -> bool {
        self.name.contains(text)
    }

    pub fn place(&self) -> &str {
        self.at.1.as_str()
    }
}

#[derive(Debug)]
pub struct Reader {
    session: Connection,
    accessibility: Connection,
    address: String,
}

impl Reader {
    pub fn new(address: &str) -> Self {
        let session = connected(address);
        // The first call starts the service.
        let told = until("accessibility bus", SOON, || {
            call(
                &session,
                "org.a11y.Bus",
                "/org/a11y/bus",
                "org.a11y.Bus",
                "GetAddress",
                &(),
            )
        });
        let accessible: String = told.body().deserialize().unwrap();
        Self {
            accessibility: connected(&accessible),
            session,
            address: address.to_owned(),
        }
    }

    pub fn session_address(&self) -> &str {
        &self.address
    }

    /// Tells programs that a screen reader listens: they say nothing to nobody.
    pub fn listen(&self) {
        for name in ["IsEnabled", "ScreenReaderEnabled"] {
            let body = ("org.a11y.Status", name, Value::from(true));
            let properties = "org.freedesktop.DBus.Properties";
            call(&self.session, "org.a11y.Bus", "/org/a11y/bus", properties, "Set", &body)
                .expect("the accessibility bus can be told that it is listened to");
        }
    }

    /// Every node of every program, parents first. What goes away while it is asked for is left out.
    pub fn screen(&self) -> Vec<Node> {
        let registry = OwnedObjectPath::try_from("/org/a11y/atspi/accessible/root").unwrap();
        let mut waiting = VecDeque::from([("org.a11y.atspi.Registry".to_owned(), registry)]);
        let mut nodes = Vec::new();
        while let Some(at) = waiting.pop_front() {
            let Some(told) = call(
                &self.accessibility,
                &at.0,
                at.1.as_str(),
                ACCESSIBLE,
                "GetChildren",
                &(),
            ) else {
                continue;
            };
            let children: Vec<Address> = told.body().deserialize().unwrap_or_default();
            waiting.extend(children);
            nodes.extend(self.node(at));
            assert!(nodes.len() < MOST_NODES, "the screen has no end");
        }
        nodes
    }

    fn node(&self, at: Address) -> Option<Node> {
        let ask = |method: &str| call(&self.accessibility, &at.0, at.1.as_str(), ACCESSIBLE, method, &());
        let role: String = ask("GetRoleName")?.body().deserialize().ok()?;
        let state: Vec<u32> = ask("GetState")?.body().deserialize().ok()?;
        let name = self.property(&at, ACCESSIBLE, "Name")?;
        let value = ["level bar", "progress bar", "meter"]
            .contains(&role.as_str())
            .then(|| self.property(&at, "org.a11y.atspi.Value", "CurrentValue"))
            .flatten();
        Some(Node {
            role,
            name: String::try_from(name).ok()?,
            value: value.and_then(|value| f64::try_from(value).ok()),
            focused: state.first().is_some_and(|bits| bits & (1 << FOCUSED) != 0),
            at,
        })
    }

    fn property(&self, at: &Address, interface: &str, name: &str) -> Option<OwnedValue> {
        let properties = "org.freedesktop.DBus.Properties";
        let told = call(
            &self.accessibility,
            &at.0,
            at.1.as_str(),
            properties,
            "Get",
            &(interface, name),
        )?;
        told.body().deserialize().ok()
    }
}

fn connected(address: &str) -> Connection {
    block_on(async { Builder::address(address).unwrap().build().await }).unwrap()
}

/// Asks, and waits for the answer; nothing where nobody answers.
fn call<B: serde::Serialize + zbus::zvariant::DynamicType>(
    bus: &Connection,
    to: &str,
    path: &str,
    interface: &str,
    method: &str,
    body: &B,
) -> Option<Message> {
    block_on(bus.call_method(Some(to), path, Some(interface), method, body)).ok()
}
