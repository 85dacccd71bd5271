const hidden = '[secret]';

/**
 * What marks a secret by its surroundings; the secret alone goes, so that a line still says what it was about. Each begins with its
 * mark, never with what may stand before that: a long text would be looked through anew from each of its words.
 */
const patterns: readonly RegExp[] = [
  // Sign-in codes in the fragment of an address, and their like in a query.
  /([#?&](?:code|token|key|api[_-]?key|access[_-]?token|secret|password)=)[^&#\s"'<>]+/gi,
  // Also as a list of names and values in turn, as Node has raw headers.
  /((?:authorization|cookie|x-api-key|x-airdock-token)(?:["']?\s*[:=]|["']\s*,)\s*["']?)[^\r\n"']+/gi,
  /(\bbearer\s+)[\w.~+/=-]{8,}/gi,
  // As JSON, an inspected object, or a variable of the environment.
  /((?:token|secret|password|passwd|api[_-]?key)["']?\s*[:=]\s*["']?)[^\s"',}{)&]{6,}/gi,
  // A name and a password in an address, or a key in their place; the password may have an @ in it.
  /(:\/\/)[^\s/?#"']+(?=@)/g,
];
/** Secrets that are known by their own look. */
const looks: readonly RegExp[] = [/\b(?:sk|pk|hf|ghp|gho|github_pat|xox[abp])[-_][\w-]{16,}/g];

/** A text without the secrets in it, also those of others (an Ollama behind a password, keys in an error of a library). */
export function redact(text: string, known: readonly string[] = []): string {
  let out = text;
  for (const secret of known) if (secret.length >= 8) out = out.replaceAll(secret, hidden);
  for (const pattern of patterns) out = out.replace(pattern, `$1${hidden}`);
  for (const look of looks) out = out.replace(look, hidden);
  return out;
}
