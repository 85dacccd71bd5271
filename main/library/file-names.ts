/** Bytes: file systems take 255, and what is half here has a longer name. */
const longest = 200;
/** Names that Windows keeps for devices, whatever stands behind the dot. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A file name for what an address calls by its last part: never a path, never hidden, always `.gguf`. */
export function fileNameFor(url: URL): string {
  const last = url.pathname.split('/').filter((part) => part !== '').pop() ?? '';
  return safeName(decoded(last));
}

export function safeName(name: string): string {
  const bare = name.replace(/\.gguf$/i, '');
  const plain = bare.replace(/[\p{Cc}\p{Cs}<>:"/\\|?*]/gu, '-').replace(/^[. -]+/, '');
  let bytes = 0;
  const short = Array.from(plain).filter((letter) => (bytes += Buffer.byteLength(letter)) <= longest).join('');
  const trimmed = short.replace(/[. ]+$/, '');
  if (trimmed === '') return 'model.gguf';
  return `${devices.test(trimmed) ? `model-${trimmed}` : trimmed}.gguf`;
}

const shard = /^(.+)-(\d{5})-of-(\d{5})\.gguf$/i;

/** The names of all parts of a split model, by the name of any of them; else the name alone. */
export function partNames(name: string): string[] {
  const match = shard.exec(name);
  const total = Number(match?.[3] ?? 1);
  // No model is split into more; a name may claim what it likes.
  if (!match || total < 2 || total > 999) return [name];
  return Array.from({ length: total }, (_, index) => `${match[1]}-${String(index + 1).padStart(5, '0')}-of-${match[3]}.gguf`);
}

/** What the model will be called in the list. */
export function modelNameOf(fileName: string): string {
  return shard.exec(fileName)?.[1] ?? fileName.replace(/\.gguf$/i, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
