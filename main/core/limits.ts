/** Times in ms of credited (awake) time unless said otherwise. Each has its reason here, so that nobody has to guess it from code. */

/** The longest time between ticks; twice that is the most idleness one event may credit, so that sleep is not idleness. */
export const TICK_MAX_MS = 5_000;
export const CREDIT_MAX_MS = 2 * TICK_MAX_MS;

/** A reading older than this decides no admission (wall time). */
export const READING_FRESH_MS = 1_000;

/** A model that has not gone by then is "not letting go": its room is planned without. */
export const UNLOAD_PATIENCE_MS = 15_000;

/** Providers answer first and note the end of the use then; on a busy machine so much later (wall time). */
export const USE_NOTED_MS = 500;

/** How long memory may take to come back after the last victim has gone, before the plan is made anew. */
export const SETTLE_MS = 3_000;
/** Graphics devices are looked at less often than the rest: until they were, so long at most. */
export const VRAM_SETTLE_MS = 15_000;

/** What a provider keeps an idle model beyond Airdock's own timeout, so that nothing stays for ever if Airdock dies. */
export const KEEP_ALIVE_GRACE_MS = 60_000;

/** What an Airdock before this one had loaded into a server is known again for so long: later, the same process number may be another process. */
export const REMEMBERED_MAX_MS = 24 * 60 * 60_000;
/** How far a server's clock may be from this computer's where the two are compared for that. */
export const CLOCKS_APART_MS = 10_000;

/** With `auto` nothing goes for being idle alone; after the usual idle timeout a load takes its room without asking. */
export const AUTO_FREE_MS = 300_000;

/** After a provider could not be told how long to keep a model: when to try again. */
export const ARM_RETRY_MS = 5_000;

/** A provider that refuses connections for this long has ended, and its models with it. */
export const ABSENT_PATIENCE_MS = 15_000;

/** A model that vanishes this soon after its provider came up was lost by the restart. */
export const RESTART_WINDOW_MS = 10_000;

/** Over budget for this long, and this long after an own load, idle models go. */
export const OVER_PATIENCE_MS = 3_000;
export const OWN_LOAD_BLIND_MS = 10_000;

/** Used so lately, a model is between two questions of a conversation: it does not go for other programs. */
export const YIELD_UNUSED_MS = 10_000;

/**
 * Less than this is left: other programs are short of memory. A share of all RAM, since what a desktop swings by grows with it; not below what a
 * browser takes with one page, nor above what nobody needs at once. It is over at twice as much: what one more page takes brings nothing back.
 */
export const SHORT_SHARE = 0.03;
export const SHORT_MIN_BYTES = 256 * 1024 * 1024;
export const SHORT_MAX_BYTES = 1024 * 1024 * 1024;
/** The same for graphics memory, where a desktop's windows take less. */
export const SHORT_VRAM_SHARE = 0.02;
export const SHORT_VRAM_MIN_BYTES = 128 * 1024 * 1024;
export const SHORT_VRAM_MAX_BYTES = 512 * 1024 * 1024;
export const ENOUGH_FACTOR = 2;

/** Models may have filled the memory to this point, which is right: others are short only where they hold so much more than after the last own load. Less is what figures waver by. */
export const GROWN_SHARE = 0.01;
export const GROWN_MIN_BYTES = 128 * 1024 * 1024;

/** Linux: programs wait for memory for so much of their time, per cent (10-second averages). A busy disk alone makes a few per cent of `some`. It is over at half of that. */
export const STALLS_SOME_PERCENT = 20;
export const STALLS_FULL_PERCENT = 5;
/** A container that thrashes within a limit of its own shows there as well: it counts only where the computer itself has no more than this left. */
export const STALLS_ROOM_SHARE = 0.1;

/** How often the memory is looked at meanwhile. */
export const SHORT_LOOK_MS = 1_000;

/** Averages over ten seconds and the system's own word are late: so long after a model went for them, they tell of before. */
export const SIGN_LATE_MS = 15_000;

/** Nothing has been short for this long: what went for other programs may come back. Within this time of its going, and once. */
export const COME_BACK_CALM_MS = 60_000;
export const COME_BACK_WITHIN_MS = 60 * 60_000;

/** Failures in a row before a model cools down for programs (a person may always try), and for how long, doubling. */
export const FAILURES_BEFORE_COOLDOWN = 3;
export const COOLDOWN_MS = 30_000;
export const COOLDOWN_MAX_MS = 10 * 60_000;

/** Whoever has waited in line this long is passed by nobody any more: what stands in its way takes no new uses before it. */
export const STARVING_MS = 20_000;

/** How long after its server's own expiry (wall time) a model may still be listed without that meaning that it stays. */
export const EXPIRY_GRACE_MS = 30_000;

/** What an out-of-memory failure raises a footprint by at least. */
export const OOM_FACTOR = 1.25;

/** "Free memory" holds automatic loads for this long (wall time). */
export const HOLD_MS = 60 * 60_000;

/** Going over budget is declared beyond this share of total RAM or this many bytes, whichever is larger: readings of the OS waver. */
export const OVER_TOLERANCE_SHARE = 0.005;
export const OVER_TOLERANCE_BYTES = 64 * 1024 * 1024;

/** A load tried against its estimate is stopped when less than this is left to the rest of the computer. */
export const PRESSURE_FLOOR_SHARE = 0.02;
export const PRESSURE_FLOOR_BYTES = 256 * 1024 * 1024;
export const PRESSURE_FULL_PERCENT = 20;

/** No listing is older than this when it arrives (the longest a provider may take to answer, and some). */
export const GONE_MEMORY_MS = 60_000;
