/** A kind of text: its MIME type, and how a file of it is told from others. Extensions count only for what is text by its content. */
interface TextType {
  readonly mime: string;
  /** Of code, as people call it. */
  readonly language?: string;
  readonly endings: string;
  /** Whole names of files. */
  readonly names?: string;
  /** Programs in a first line "#!". */
  readonly runs?: string;
}

const textTypes: readonly TextType[] = [
  { mime: 'text/x-python', language: 'Python', endings: 'py pyi pyw', runs: 'python pypy uv' },
  { mime: 'text/javascript', language: 'JavaScript', endings: 'js mjs cjs jsx', runs: 'node bun deno' },
  { mime: 'text/x-typescript', language: 'TypeScript', endings: 'ts tsx mts cts', runs: 'tsx ts-node' },
  { mime: 'text/x-shellscript', language: 'shell', endings: 'sh bash zsh fish ksh', names: '.bashrc .zshrc .profile', runs: 'sh bash zsh fish ksh dash' },
  { mime: 'text/x-powershell', language: 'PowerShell', endings: 'ps1 psm1', runs: 'pwsh' },
  { mime: 'text/x-c', language: 'C', endings: 'c h' },
  { mime: 'text/x-c++', language: 'C++', endings: 'cc cpp cxx hpp hh hxx' },
  { mime: 'text/x-csharp', language: 'C#', endings: 'cs' },
  { mime: 'text/x-java', language: 'Java', endings: 'java' },
  { mime: 'text/x-kotlin', language: 'Kotlin', endings: 'kt kts' },
  { mime: 'text/x-scala', language: 'Scala', endings: 'scala sbt' },
  { mime: 'text/x-go', language: 'Go', endings: 'go' },
  { mime: 'text/x-rust', language: 'Rust', endings: 'rs' },
  { mime: 'text/x-swift', language: 'Swift', endings: 'swift' },
  { mime: 'text/x-ruby', language: 'Ruby', endings: 'rb rake gemspec', names: 'Rakefile Gemfile', runs: 'ruby' },
  { mime: 'text/x-php', language: 'PHP', endings: 'php', runs: 'php' },
  { mime: 'text/x-perl', language: 'Perl', endings: 'pl pm', runs: 'perl' },
  { mime: 'text/x-lua', language: 'Lua', endings: 'lua', runs: 'lua luajit' },
  { mime: 'text/x-r', language: 'R', endings: 'r', runs: 'Rscript' },
  { mime: 'text/x-julia', language: 'Julia', endings: 'jl', runs: 'julia' },
  { mime: 'text/x-haskell', language: 'Haskell', endings: 'hs', runs: 'runhaskell' },
  { mime: 'text/x-elixir', language: 'Elixir', endings: 'ex exs', runs: 'elixir' },
  { mime: 'text/x-dart', language: 'Dart', endings: 'dart' },
  { mime: 'text/x-zig', language: 'Zig', endings: 'zig' },
  { mime: 'text/x-sql', language: 'SQL', endings: 'sql' },
  { mime: 'text/x-makefile', language: 'make', endings: 'mk', names: 'Makefile GNUmakefile makefile' },
  { mime: 'text/x-dockerfile', language: 'Docker', endings: 'dockerfile', names: 'Dockerfile Containerfile' },
  { mime: 'text/x-cmake', language: 'CMake', endings: 'cmake', names: 'CMakeLists.txt' },
  { mime: 'text/x-diff', language: 'diff', endings: 'diff patch' },
  { mime: 'text/html', language: 'HTML', endings: 'html htm xhtml vue svelte' },
  { mime: 'text/css', language: 'CSS', endings: 'css scss less' },
  { mime: 'image/svg+xml', language: 'SVG', endings: 'svg' },
  { mime: 'application/json', endings: 'json jsonl ndjson ipynb geojson' },
  { mime: 'application/yaml', endings: 'yaml yml' },
  { mime: 'application/toml', endings: 'toml' },
  { mime: 'application/xml', endings: 'xml xsd xsl plist' },
  { mime: 'text/csv', endings: 'csv' },
  { mime: 'text/tab-separated-values', endings: 'tsv' },
  { mime: 'text/x-log', endings: 'log' },
  { mime: 'text/markdown', endings: 'md markdown mdx' },
  { mime: 'text/x-rst', endings: 'rst' },
  { mime: 'application/x-tex', endings: 'tex bib' },
  { mime: 'text/calendar', endings: 'ics' },
  { mime: 'message/rfc822', endings: 'eml' },
  { mime: 'application/rtf', endings: 'rtf' },
  { mime: 'text/plain', endings: 'txt text' },
];

/** Types that are not text, for where only a name is known. */
const binaryEndings: Readonly<Record<string, string>> = {
  'image/png': 'png', 'image/jpeg': 'jpg jpeg', 'image/gif': 'gif', 'image/webp': 'webp', 'image/tiff': 'tif tiff', 'image/bmp': 'bmp', 'image/heic': 'heic heif', 'image/avif': 'avif',
  'application/pdf': 'pdf',
  'audio/mpeg': 'mp3', 'audio/wav': 'wav', 'audio/flac': 'flac', 'audio/ogg': 'ogg oga opus', 'audio/mp4': 'm4a',
  'video/mp4': 'mp4 m4v', 'video/quicktime': 'mov', 'video/webm': 'webm', 'video/matroska': 'mkv', 'video/vnd.avi': 'avi',
  'application/zip': 'zip', 'application/gzip': 'gz tgz', 'application/x-tar': 'tar', 'application/x-7z-compressed': '7z', 'application/x-xz': 'xz', 'application/zstd': 'zst', 'application/vnd.rar': 'rar', 'application/x-bzip2': 'bz2',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx', 'application/vnd.oasis.opendocument.text': 'odt', 'application/epub+zip': 'epub',
};

const byWord = (words: (type: TextType) => string | undefined): ReadonlyMap<string, TextType> => new Map(textTypes.flatMap((type) => (words(type) ?? '').split(' ').filter(Boolean).map((word) => [word, type] as const)));
const byEnding = byWord(({ endings }) => endings);
const byName = byWord(({ names }) => names);
const byProgram = byWord(({ runs }) => runs);
const byMime = new Map(textTypes.map((type) => [type.mime, type]));
const binaryByEnding = new Map(Object.entries(binaryEndings).flatMap(([mime, endings]) => endings.split(' ').map((ending) => [ending, mime] as const)));

export const languageOf = (mime: string): string | null => byMime.get(mime)?.language ?? null;

/** The type of a text, by what its content says, else by its name; null: nothing but that it is text. */
export function textTypeOf(text: string, name: string | null): { mime: string; from: 'content' | 'name' } | null {
  const said = fromContent(text);
  if (said !== null) return { mime: said, from: 'content' };
  const named = name === null ? undefined : (byName.get(baseName(name)) ?? byEnding.get(endingOf(name)));
  return named ? { mime: named.mime, from: 'name' } : null;
}

/** Where there are no first bytes. */
export function typeByName(name: string): string | null {
  const ending = endingOf(name);
  return (byName.get(baseName(name)) ?? byEnding.get(ending))?.mime ?? binaryByEnding.get(ending) ?? null;
}

function fromContent(text: string): string | null {
  const line = /^#!\s*(\S+)(?:[ \t]+(.*))?/.exec(text);
  if (line) {
    const words = [line[1], ...(line[2] ?? '').split(/\s+/)].map((word) => baseName(word ?? ''));
    // "#!/usr/bin/env -S node --flag": the first word that is neither env nor an option.
    const program = words.find((word) => word !== 'env' && !word.startsWith('-') && !word.includes('='));
    const type = byProgram.get(program ?? '') ?? byProgram.get((program ?? '').replace(/[\d.]+$/, ''));
    if (type) return type.mime;
  }
  const start = text.trimStart().slice(0, 256);
  if (/^<\?php\b/.test(start)) return 'text/x-php';
  if (/^(<!doctype html|<html[\s>])/i.test(start)) return 'text/html';
  if (/^(<\?xml[^>]*\?>\s*)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(start)) return 'image/svg+xml';
  if (start.startsWith('<?xml')) return 'application/xml';
  if (start.startsWith('{\\rtf')) return 'application/rtf';
  return /^(diff --git |--- [^\n]+\n\+\+\+ )/.test(start) ? 'text/x-diff' : null;
}

export const baseName = (name: string): string => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);

function endingOf(name: string): string {
  const base = baseName(name);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(dot + 1).toLowerCase() : '';
}
