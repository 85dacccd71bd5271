import { readFileSync } from 'node:fs';

/** As far as it decides which tensors ggml rearranges. */
export type CpuKind = 'x64' | 'x64-amx' | 'arm64' | 'other';

/** The kind of this computer's processor. AMX is known on Linux alone, by the flags of /proc/cpuinfo. */
export function cpuKind(arch: string = process.arch, cpuinfo: string = '/proc/cpuinfo'): CpuKind {
  if (arch === 'arm64') return 'arm64';
  if (arch !== 'x64') return 'other';
  try {
    return /^flags\s*:.*\bamx_int8\b/m.test(readFileSync(cpuinfo, 'utf8')) ? 'x64-amx' : 'x64';
  } catch {
    return 'x64';
  }
}
