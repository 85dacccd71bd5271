import { labelledNumber } from './labelled-number.ts';

/** Resident memory of a Linux process, in bytes. */
export interface StatusMemory {
  anon: number;
  file: number;
  shmem: number;
  swap: number;
}

/** The memory lines of /proc/<pid>/status (proc_pid_status(5)); null for a zombie or a kernel thread, which have none. */
export function parseStatus(text: string): StatusMemory | null {
  const start = text.indexOf('\nRssAnon:');
  if (start < 0) return null;
  const bytes = (label: string) => (labelledNumber(text, label, start) ?? 0) * 1024;
  return { anon: bytes('RssAnon:'), file: bytes('RssFile:'), shmem: bytes('RssShmem:'), swap: bytes('VmSwap:') };
}
