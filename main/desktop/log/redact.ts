const hidden = '[secret]';

/** What marks a secret by its surroundings; the secret alone goes, so that a line still says what it was about. */
const patterns: readonly RegExp[] = [
  // Sign-in codes in the fragment of an address, and their like in a query.
  /([#?&](?:code|token|key|api[_-]?key|access[_-]?token|secret|password)=)[^&#\s"'<>]+/gi,
  /((?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-airdock-token)"?'?\s*[:=]\s*"?'?)[^\r\n"']+/gi,
  /(\bbearer\s+)[\w.~+/=-]{8,}/gi,
  // As JSON, an inspected object, or a variable of the environment.
  /((?:"|'|\b)[\w.-]*(?:token|secret|password|passwd|api[_-]?key)["']?\s*[:=]\s*["']?)[^\s"',}{)&]{6,}/gi,
  // A name and a password in an address.
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:"']+:[^\s/@"']+(?=@)/gi,
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
