/** What asks macOS for its own judgement, with `sysctl`. */
export const pressureLevelArgs = ['-n', 'kern.memorystatus_vm_pressure_level'];

/** The flags of <sys/event.h> (NOTE_MEMORYSTATUS_PRESSURE_*), as that variable holds one of them. */
const levels: Readonly<Record<string, 'normal' | 'warning' | 'critical'>> = { 1: 'normal', 2: 'warning', 4: 'critical' };

/** Undefined for anything else: older systems do not know the variable. */
export function parsePressureLevel(text: string): 'normal' | 'warning' | 'critical' | undefined {
  return levels[text.trim()];
}
