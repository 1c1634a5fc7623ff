// The way back to a loop's header: requests are served, and the compiler counts.
//
// Part of the dispatch loop: included into `run.rs`, whose macros and locals it uses.

{
    let s = fb!(e!());
    let n = s.count.get().wrapping_add(1);
    s.count.set(n);
    if th.requests.load(Ordering::Relaxed) != 0 {
        save!();
        check!(th.serve_requests());
        if !STEP && th.is_traced() {
            th.to_traced.set(true);
            return Err(Raised);
        }
    }
    if n >= th.machine.loop_threshold && !STEP {
        // The frame stands at the header.
        // SAFETY: labels and the ends of instructions are bounded by the verifier.
        pc = unsafe { code.words().add(d!() as usize) };
        save!();
        let header = frame_word(frame);
        if let Some(entry) = th.hot_loop(header, s) {
            after_machine!(th.enter_machine(entry, regs));
        }
        continue 'run;
    }
    goto!(d!())
}
