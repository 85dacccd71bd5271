import { readFileSync } from 'node:fs';

/** What llama.cpp, its GPU backends, the C++ runtime and the library say when memory ran out. */
const outOfMemory =
  /out of (device |host )?memory|cudaMalloc failed|hipMalloc failed|failed to allocate|allocation failed|unable to allocate|not enough (v?ram|memory)|insufficient (v?ram|memory)|cannot allocate memory|ENOMEM|std::bad_alloc|vk_error_out_of_(device|host)_memory|ErrorOutOf(Device|Host)Memory|mmap failed/i;

export function saysOutOfMemory(text: string): boolean {
  return outOfMemory.test(text);
}

/**
 * How many processes Linux has killed for want of memory since it started, in whatever cgroup (/proc/vmstat);
 * null where that is not told. A count that has grown explains a SIGKILL that Airdock did not send.
 */
export function oomKillCount(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const match = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'));
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
}
