export { presets, type Preset, type PresetName } from '../../contract/presets.ts';
