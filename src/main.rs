fn main() {
    let a: Vec<String> = std::env::args().collect();
    aloud::cli::live::temporary(&a[1], &a[2]);
}
