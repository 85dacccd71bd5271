import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Folders may import only what stands above them in docs/architecture.md: these are the walls. */
function wall(files, patterns) {
  return { files, ignores: ['**/*.test.ts', '**/*.test.tsx'], rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}
const electron = { group: ['electron', 'electron/*', 'electron-*'], message: 'Electron belongs to main/desktop, main/index.ts and preload only.' };
const node = { regex: '^node:', message: 'The core is pure: no I/O.' };

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'test/screenshots/**'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' }],
    },
  },
  { files: ['scripts/**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  { files: ['renderer/**/*.{ts,tsx}'], plugins: { 'react-hooks': reactHooks }, rules: reactHooks.configs.recommended.rules },
  wall(['contract/**/*.ts'], [{ regex: '^(?!zod$|\\./)', message: 'The contract imports nothing but zod.' }]),
  wall(['main/core/**/*.ts'], [electron, node, { regex: '^\\.\\./(?!\\.\\./contract/)', message: 'The core sees only the contract.' }]),
  {
    files: ['main/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate', 'process', 'fetch', 'performance', 'console'],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now' }, { object: 'Math', property: 'random' }],
    },
  },
  wall(['main/memory/**/*.ts', 'main/config/**/*.ts', 'main/data/**/*.ts', 'main/files/**/*.ts'], [electron, { regex: '/(manager|providers|web|client|core)/', message: 'These only read and keep; deciding is elsewhere.' }]),
  wall(['main/providers/**/*.ts'], [electron, { regex: '/(manager|core|web|client|config)/', message: 'Providers know neither who asks nor who decides.' }]),
  wall(['main/manager/**/*.ts'], [electron, { regex: '/(web|client)/', message: 'The manager does not know its surfaces.' }]),
  wall(['main/web/**/*.ts', 'main/client/**/*.ts', 'main/takeover/**/*.ts'], [electron, { regex: '/(manager|core|providers|memory)/', message: 'HTTP speaks the contract only.' }]),
  wall(['main/cli/**/*.ts'], [electron, { regex: '/(manager|core|providers|memory|web|desktop|gateway)/|/app\\.ts$', message: 'The command line talks to a running Airdock; only main/serve.ts starts one.' }]),
  wall(['main/recommend/**/*.ts'], [electron, { regex: '^(\\.\\./)+(?!\\.\\./|contract/)', message: 'The recommender sees the contract; the rest is handed in (main/recommend/ports.ts).' }]),
  wall(['main/keychain/**/*.ts'], [electron, { regex: '^(\\.\\./)+(?!\\.\\./|contract/)', message: 'The keychain sees the contract alone.' }]),
  wall(['main/gateway/**/*.ts'], [
    electron,
    { regex: '/(manager|core|client|config|memory|data)/|/providers/(?!provider\\.ts)', message: 'The gateway sees the rest through main/gateway/ports.ts.' },
    { group: ['**/web/**'], allowTypeImports: true, message: 'The gateway is a route of the web server; it knows its types alone.' },
    { group: ['**/providers/provider.ts'], allowTypeImports: true, message: 'What an embedded provider answers is handed in.' },
  ]),
  wall(['renderer/**/*.{ts,tsx}'], [electron, node, { regex: '/main/', message: 'The page sees only the contract.' }]),
  wall(['main/desktop/**/*.ts'], [
    { regex: '/(core|manager|providers|memory|client)/', message: 'The shell shows and asks; it sees the contract, main/airdock.ts and the files of the dashboard.' },
  ]),
  wall(['preload/**/*.ts'], [node, { regex: '/(main|renderer)/', message: 'The bridge carries the contract, nothing else.' }]),
  {
    // Types only: the values come from main/index.ts, so that the shell runs on stand-ins too.
    files: ['main/desktop/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'ImportDeclaration[source.value="electron"][importKind!="type"]', message: 'Electron is handed in (main/desktop/parts.ts).' }] },
  },
  { ...wall(['main/*.ts'], [electron]), ignores: ['main/index.ts', '**/*.test.ts'] },
);
