import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

export function createPowerMonitor() {
  const emitter = new EventEmitter();
  const methods = {
    getSystemIdleTime: () => 0,
    getSystemIdleState: () => 'active',
    isOnBatteryPower: () => false,
    getCurrentThermalState: () => 'unknown',
  } satisfies Partial<Electron.PowerMonitor>;
  return {
    powerMonitor: Object.assign(emitter, methods) as unknown as Electron.PowerMonitor,
    suspend: () => void emitter.emit('suspend'),
    resume: () => void emitter.emit('resume'),
    /** macOS and Linux: the computer goes down. Whether the app asked for a moment. */
    shutDown(): boolean {
      let prevented = false;
      emitter.emit('shutdown', { preventDefault: () => (prevented = true) });
      return prevented;
    },
  };
}
