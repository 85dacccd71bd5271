/** Names that people know, by the name of the executable in lower case. Everything else keeps its own name. */
const friendly: Readonly<Record<string, string>> = {
  chrome: 'Google Chrome',
  'google chrome': 'Google Chrome',
  chromium: 'Chromium',
  'chromium-browse': 'Chromium',
  'chromium-browser': 'Chromium',
  msedge: 'Microsoft Edge',
  brave: 'Brave',
  'brave-browser': 'Brave',
  firefox: 'Firefox',
  'firefox-bin': 'Firefox',
  'firefox-esr': 'Firefox',
  code: 'Visual Studio Code',
  'code-insiders': 'Visual Studio Code',
  slack: 'Slack',
  discord: 'Discord',
  teams: 'Microsoft Teams',
  'ms-teams': 'Microsoft Teams',
  spotify: 'Spotify',
  soffice: 'LibreOffice',
  ollama: 'Ollama',
  'llama-server': 'llama.cpp server',
  explorer: 'Windows Explorer',
};

/** One name for all processes of a program, from a Linux executable's path, or its comm where the path may not be read. */
export function linuxProgramName(executable: string | null, comm: string): string {
  const base = executable === null ? comm : basename(executable.replace(/ \(deleted\)$/, ''), '/');
  return known(base.replace(/[_-](crashpad_handler|sandbox|zygote|helper)$/, ''));
}

/** From the path of a macOS executable: the outermost application bundle, so that helpers count for their application. */
export function darwinProgramName(command: string): string {
  const bundle = /(?:^|\/)([^/]+)\.app\//.exec(`${command}/`)?.[1];
  return known(bundle ?? basename(command, '/').replace(/ Helper( \([^)]*\))?$/, ''));
}

/** From the name of a Windows executable. */
export function windowsProgramName(image: string): string {
  return known(basename(image, '\\').replace(/\.exe$/i, ''));
}

function known(name: string): string {
  return friendly[name.toLowerCase()] ?? name;
}

function basename(file: string, separator: string): string {
  return file.slice(file.lastIndexOf(separator) + 1) || file;
}
