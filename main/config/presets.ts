export { presets } from '../../contract/presets.ts';
