import { writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConfigStore } from '../../main/config/config-store.ts';
import { tempDir } from '../../test/temp-dir.ts';
import { editOf, editOverride } from './settings-edit.ts';

describe('an edit', () => {
  it('takes a key out of the file for the default', () => {
    expect(editOf('memory.reserve_gb', 2)).toEqual({ 'memory.reserve_gb': 2 });
    expect(editOf('memory.reserve_gb', undefined)).toEqual({ 'memory.reserve_gb': null });
  });

  it('of one model writes its key alone, except where null is the value or nothing else is left', () => {
    const idle = 'models.overrides.<name>.idle_timeout_seconds' as const;
    const enabled = 'models.overrides.<name>.enabled' as const;
    expect(editOverride(enabled, 'llama3.2', false, {})).toEqual({ 'models.overrides.llama3.2.enabled': false });
    expect(editOverride(idle, 'llama3.2', null, { ram_gb: 5 })).toEqual({ 'models.overrides.llama3.2': { ram_gb: 5, idle_timeout_seconds: null } });
    expect(editOverride(idle, 'llama3.2', undefined, { ram_gb: 5, idle_timeout_seconds: 5 })).toEqual({ 'models.overrides.llama3.2.idle_timeout_seconds': null });
    expect(editOverride(idle, 'llama3.2', undefined, { idle_timeout_seconds: 5 })).toEqual({ 'models.overrides.llama3.2': null });
  });

  it('does what it says to a real file, and to nothing else in it', async () => {
    const file = path.join(await tempDir(), 'config.json');
    writeFileSync(file, '{\n  "models": {\n    "overrides": {\n      // mine\n      "ollama/llama3.2:latest": { "ram_gb": 5, "colour": "blue" }\n    }\n  }\n}\n');
    const store = createConfigStore({ file });
    onTestFinished(() => store.close());
    const idle = 'models.overrides.<name>.idle_timeout_seconds' as const;
    const model = 'ollama/llama3.2:latest';
    const own = () => store.current().config.models.overrides[model];
    await store.set(editOverride(idle, model, null, own() ?? {}));
    expect(own()).toEqual({ ram_gb: 5, idle_timeout_seconds: null });
    expect(readFileSync(file, 'utf8')).toContain('// mine');
    expect(readFileSync(file, 'utf8')).toContain('"colour": "blue"');
    await store.set(editOverride('models.overrides.<name>.ram_gb', model, undefined, own() ?? {}));
    expect(own()).toEqual({ idle_timeout_seconds: null });
    await store.set(editOverride(idle, model, 90, own() ?? {}));
    expect(own()).toEqual({ idle_timeout_seconds: 90 });
    await store.set(editOverride(idle, model, undefined, own() ?? {}));
    expect(own()).toBeUndefined();
  });
});
