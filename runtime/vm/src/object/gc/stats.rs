//! Budgets (when to collect) and figures (what the `gc` module and `-X gc-stats` tell).
//!
//! A young collection is due after [`WORTH`] times as many bytes as the last ones had to look at:
//! what survived, stacks and the remembered set. So where all dies young, memory is handed out
//! again while it is in the cache ([`YOUNG_LEAST`]), and where much survives, or the stack is
//! deep, collections are rare: then the bound is [`YOUNG_MIN`], or a share of the live heap where
//! that is more. A collection is a full one once the heap has grown by [`GROWTH`] since the last
//! full one. All bounds shrink near the heap's limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::Heap;
use super::block::BLOCK_SHIFT;

/// Least number of bytes between collections: half of a second-level cache.
pub const YOUNG_LEAST: usize = 1 << 20;
/// Bytes between collections that are worth looking at one byte.
const WORTH: usize = 16;
/// Least upper bound of the bytes between collections.
pub const YOUNG_MIN: usize = 8 << 20;
/// Most bytes between collections.
pub const YOUNG_MAX: usize = 32 << 20;
/// Bytes between collections when they are turned off: programs that do so count on it that what is
/// not in a cycle is freed all the same, which here takes a collection.
const DISABLED_BUDGET: usize = 32 << 20;
/// The live heap's share that may be allocated between collections, as a divisor.
const YOUNG_SHARE: usize = 16;
/// Growth of the live heap that makes a full collection due, in percent.
const GROWTH: usize = 180;
/// A full collection is not due below this size.
const FULL_MIN: usize = 32 << 20;

/// Free bytes that may lie scattered in blocks that young collections leave alone, at least; more in a
/// large heap, by [`SCATTERED_SHARE`].
const SCATTERED_MIN: usize = 8 << 20;
/// The live heap's share that may lie scattered, as a divisor.
const SCATTERED_SHARE: usize = 8;
/// A full collection that only gathers what lies scattered is due when so many times the live heap was
/// allocated since the last one.
const GATHER_AFTER: usize = 16;

/// Least time between collections by threads that have nothing to do.
const IDLE_INTERVAL: Duration = Duration::from_secs(1);

/// How much to collect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Collection {
    /// What was allocated since the last collection.
    Young,
    /// Everything.
    Full,
}

/// Figures of one generation, as `gc.get_stats()` gives them.
#[derive(Clone, Copy, Default, Debug)]
pub struct GenerationStats {
    /// Number of collections.
    pub collections: usize,
    /// Objects freed by them, where they were counted.
    pub collected: usize,
    /// Sum of the pauses.
    pub time: Duration,
    /// Longest pause.
    pub longest: Duration,
}

/// What the heap remembers for `gc` and for its own decisions.
pub struct Stats {
    /// Young and full collections.
    pub generations: [GenerationStats; 2],
    /// `gc.set_threshold()`: kept for the caller, without effect on this collector, except that
    /// a first threshold of zero turns automatic collection off.
    pub thresholds: [i64; 3],
    /// `gc.enable()` and `gc.disable()`.
    pub enabled: bool,
    /// `gc.set_debug()`: kept for the caller.
    pub debug: i64,
    /// `gc.freeze()`: number of objects declared permanent.
    pub frozen: usize,
    /// Bytes handed out over the heap's life.
    pub total_allocated: u64,
    /// Most blocks in use at a collection, in bytes.
    pub peak: usize,
}

impl Stats {
    pub(super) fn new() -> Stats {
        Stats {
            generations: [GenerationStats::default(); 2],
            thresholds: [2000, 10, 0],
            enabled: true,
            debug: 0,
            frozen: 0,
            total_allocated: 0,
            peak: 0,
        }
    }

    pub(super) fn record(&mut self, kind: Collection, pause: Duration, collected: usize) {
        let generation = &mut self.generations[kind as usize];
        generation.collections += 1;
        generation.collected += collected;
        generation.time += pause;
        generation.longest = generation.longest.max(pause);
    }
}

impl Heap {
    /// Is a collection due? For safepoints; one load.
    #[inline(always)]
    pub fn should_collect(&self) -> bool {
        self.requested
    }

    /// Names the request word (and the bit in it) through which the running thread is told that a
    /// collection is due.
    pub fn set_interrupt(&mut self, word: Arc<AtomicU32>, bit: u32) {
        self.interrupt = Some((word, bit));
        self.update_request();
    }

    /// Asks for a collection at the next safepoint.
    pub fn request_collection(&mut self) {
        self.forced = true;
        self.update_request();
    }

    /// What to collect at this safepoint, if anything. In zealous mode this counts safepoints.
    pub fn due(&mut self) -> Option<Collection> {
        if self.zeal_is_due() {
            return Some(match self.zeal_wants_all() {
                true => Collection::Full,
                false => Collection::Young,
            });
        }
        if self.forced {
            return Some(Collection::Full);
        }
        if self.allocated < self.budget {
            return None;
        }
        let gather = self.scattered >= self.scattered_limit() / 4 * 3
            && self.allocated_since_full >= self.live_bytes.saturating_mul(GATHER_AFTER);
        Some(match gather || self.live_bytes >= self.full_at {
            true => Collection::Full,
            false => Collection::Young,
        })
    }

    /// What a thread that waits for others may collect: not too often, and all only where that is
    /// a matter of milliseconds.
    pub fn idle_collection(&mut self) -> Option<Collection> {
        let now = std::time::Instant::now();
        let lately = |at: std::time::Instant| now.duration_since(at) < IDLE_INTERVAL;
        if !self.stats.enabled || self.idle_at.is_some_and(lately) {
            return None;
        }
        self.idle_at = Some(now);
        Some(match self.live_bytes < FULL_MIN {
            true => Collection::Full,
            false => Collection::Young,
        })
    }

    /// Turns automatic collection on, or to the least that keeps the heap from growing without end.
    pub fn set_enabled(&mut self, enabled: bool) {
        self.stats.enabled = enabled;
        self.set_budgets();
    }

    /// Limits the heap (`-X max-heap`); None for no limit.
    pub fn set_limit(&mut self, bytes: Option<usize>) {
        self.limit = bytes.unwrap_or(usize::MAX);
        self.set_budgets();
    }

    /// Is the heap larger than its limit? Then a MemoryError is in order at the safepoint that
    /// has just collected in vain.
    pub fn is_over_limit(&self) -> bool {
        self.arena.in_use() << BLOCK_SHIFT > self.limit
    }

    /// Bytes of blocks in use.
    pub fn size(&self) -> usize {
        self.arena.in_use() << BLOCK_SHIFT
    }

    /// Bytes of cells that were live at the last collection, and of large cells since.
    pub fn live_bytes(&self) -> usize {
        self.live_bytes
    }

    /// Figures of the heap.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Figures of the heap, for the `gc` module's switches that are only kept.
    pub fn stats_mut(&mut self) -> &mut Stats {
        &mut self.stats
    }

    /// Is there room for so many more bytes of blocks?
    ///
    /// Above the limit a full collection is asked for, and there is room for as much again until
    /// the safepoint that makes it: much of what is there may be garbage. If it was not, MemoryError
    /// is raised there ([`Heap::is_over_limit`]).
    #[inline]
    pub(super) fn has_room(&mut self, bytes: usize) -> bool {
        if self.limit != usize::MAX && self.size().saturating_add(bytes) > self.limit {
            self.forced = true;
            self.update_request();
            return bytes <= self.limit
                && self.size().saturating_add(bytes) <= self.limit.saturating_mul(2);
        }
        true
    }

    /// Accounts for memory that was handed to the allocators.
    #[inline]
    pub(super) fn note_allocated(&mut self, bytes: usize) {
        self.allocated += bytes;
        if self.allocated >= self.budget {
            self.update_request();
        }
    }

    /// Chooses the budgets until the next collection.
    pub(super) fn set_budgets(&mut self) {
        let room = self.limit.saturating_sub(self.size());
        let near_limit = (room / 2).max(1 << 20);
        self.budget = if self.stats.enabled && self.stats.thresholds[0] != 0 {
            let most = (self.live_bytes / YOUNG_SHARE).clamp(YOUNG_MIN, YOUNG_MAX);
            self.young_budget.clamp(YOUNG_LEAST, most).min(near_limit)
        } else {
            DISABLED_BUDGET.max(self.live_bytes).min(near_limit)
        };
        self.update_request();
    }

    /// Notes how many bytes a young collection has looked at. Its budget grows at once, and shrinks
    /// by and by.
    pub(super) fn note_young_work(&mut self, bytes: usize) {
        self.young_budget = bytes.saturating_mul(WORTH).max(self.young_budget / 2);
    }

    /// Decides when the next full collection is due; after one.
    pub(super) fn set_full_budget(&mut self) {
        self.full_at = (self.live_bytes / 100 * GROWTH).max(FULL_MIN);
        self.scattered = 0;
        self.allocated_since_full = 0;
        if self.limit != usize::MAX {
            self.full_at = self.full_at.min(self.limit / 2 + self.live_bytes / 2);
        }
    }

    /// Free bytes that may lie scattered in blocks that are left alone.
    pub(super) fn scattered_limit(&self) -> usize {
        SCATTERED_MIN.max(self.live_bytes / SCATTERED_SHARE)
    }

    pub(super) fn update_request(&mut self) {
        self.requested = self.forced || self.is_zealous() || self.allocated >= self.budget;
        if self.requested
            && let Some((word, bit)) = &self.interrupt
        {
            word.fetch_or(*bit, Ordering::Relaxed);
        }
    }
}
