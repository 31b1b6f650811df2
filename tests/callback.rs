//! The body of the audio callback under an allocator that counts what it must not do.

use aloud::listener::ring::ring;
use assert_no_alloc::{AllocDisabler, assert_no_alloc, reset_violation_count, violation_count};

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

#[test]
fn the_callback_never_allocates() {
    let (mut producer, _outlet) = ring(16_000, 2);
    let floats = vec![0.25_f32; 960];
    let shorts = vec![7_i16; 960];
    let bytes = vec![128_u8; 960];
    reset_violation_count();
    assert_no_alloc(|| {
        // Until the ring is full, and on from there.
        for _ in 0..500 {
            producer.push(&floats);
            producer.push(&shorts);
            producer.push(&bytes);
        }
    });
    assert_eq!(violation_count(), 0);

    // The guard itself works.
    let mut boxed = None;
    assert_no_alloc(|| boxed = Some(Box::new(1_u8)));
    assert!(violation_count() > 0, "{boxed:?} was made unseen");
}
