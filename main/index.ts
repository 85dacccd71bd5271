import electron from 'electron';
import { startDesktop } from './desktop/start.ts';

// The Electron entry. Nothing else takes Electron as a value: everything gets its parts from here.
startDesktop(electron);
