//! What a screen reader on Linux is told, over the accessibility bus (AT-SPI).

use std::time::Duration;

use zbus::{
    Connection, Message, block_on,
    connection::Builder,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

use super::SOON;
use crate::real::until;

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// Bits of a node's state.
const FOCUSED: u32 = 12;
/// Kinds of nodes, as their numbers on the bus.
const PROGRESS_BAR: u32 = 42;
const FRAME: u32 = 23;
const WINDOW: u32 = 69;
const LEVEL_BAR: u32 = 103;

/// One thing on screen.
#[derive(Clone, Debug)]
pub struct Node {
    role: u32,
    pub name: String,
    /// Of a meter or a progress bar.
    pub value: Option<f64>,
    pub focused: bool,
    at: Address,
}

/// Where a node lives: a program on the bus, and a path in it.
type Address = (String, OwnedObjectPath);

/// A node as a program tells it: itself, its program, its parent, its place among its siblings and their number, what
/// it can do, name, role, description and state.
type Told = (
    Address,
    Address,
    Address,
    i32,
    i32,
    Vec<String>,
    String,
    u32,
    String,
    Vec<u32>,
);

impl Node {
    /// Whether it says this, in capitals or not.
    pub fn shows(&self, text: &str) -> bool {
        self.name.to_lowercase().contains(&text.to_lowercase())
    }

    pub fn place(&self) -> &str {
        self.at.1.as_str()
    }

    /// Whether it is the window itself.
    pub fn is_window(&self) -> bool {
        matches!(self.role, FRAME | WINDOW)
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
    pub fn decode_final(&self) {
        for name in ["IsEnabled", "ScreenReaderEnabled"] {
            let body = ("org.a11y.Status", name, Value::from(true));
            call(&self.session, "org.a11y.Bus", "/org/a11y/bus", PROPERTIES, "Set", &body)
                .expect("the accessibility bus can be told that it is listened to");
        }
    }

    /// Every node of every program that has a window. What goes away while it is asked for is left out.
    pub fn screen(&self) -> Vec<Node> {
        let root = "/org/a11y/atspi/accessible/root";
        let (registry, accessible) = ("org.a11y.atspi.Registry", "org.a11y.atspi.Accessible");
        let programs = call(&self.accessibility, registry, root, accessible, "GetChildren", &());
        let programs: Vec<Address> = programs
            .and_then(|told| told.body().deserialize().ok())
            .unwrap_or_default();
        programs.iter().flat_map(|(program, _)| self.nodes(program)).collect()
    }

    fn nodes(&self, program: &str) -> Vec<Node> {
        let cache = "/org/a11y/atspi/cache";
        let Some(told) = call(
            &self.accessibility,
            program,
            cache,
            "org.a11y.atspi.Cache",
            "GetItems",
            &(),
        ) else {
            return Vec::new();
        };
        let nodes: Vec<Told> = told.body().deserialize().unwrap();
        let node = |(at, _, _, _, _, _, name, role, _, state): Told| Node {
            role,
            name,
            value: matches!(role, PROGRESS_BAR | LEVEL_BAR)
                .then(|| self.value(&at))
                .flatten(),
            focused: state.first().is_some_and(|bits| bits & (1 << FOCUSED) != 0),
            at,
        };
        nodes.into_iter().map(node).collect()
    }

    fn value(&self, at: &Address) -> Option<f64> {
        let body = ("org.a11y.atspi.Value", "CurrentValue");
        let told = call(&self.accessibility, &at.0, at.1.as_str(), PROPERTIES, "Get", &body)?;
        let value: OwnedValue = told.body().deserialize().ok()?;
        f64::try_from(value).ok()
    }
}

fn connected(address: &str) -> Connection {
    /// A program that hangs answers nobody.
    const PATIENCE: Duration = Duration::from_secs(5);
    block_on(async {
        let bus = Builder::address(address).unwrap().method_timeout(PATIENCE);
        bus.build().await
    })
    .unwrap()
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
