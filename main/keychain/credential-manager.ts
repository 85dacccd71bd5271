import path from 'node:path';
import { SERVICE, type KeychainTool } from './keychain.ts';
import type { RunTool } from './run-tool.ts';
import { answerOf } from './tool-answer.ts';

/** The script's exit code where there is no such item. */
const NOT_FOUND = 3;

/** Windows: the Credential Manager. PowerShell has no words for it, so the script brings the four calls of advapi32 along. */
export function createCredentialManager(run: RunTool, env: Readonly<Record<string, string | undefined>>, program = powershell(env)): KeychainTool {
  /** The key goes in and out as base64, by standard input and output; the script itself holds nothing secret. */
  const ask = (id: string, action: string, input = '', signal?: AbortSignal) =>
    run(program, ['-NoProfile', '-NoLogo', '-NonInteractive', '-EncodedCommand', encoded(`${script}\n${action}`)], { input, signal, env: { AIRDOCK_KEYCHAIN_ITEM: `${SERVICE}/${id}`, AIRDOCK_KEYCHAIN_USER: id } });
  return {
    program: 'PowerShell',
    install: 'It belongs to Windows; look whether a rule of this computer forbids it.',
    get: async (id, signal) => answerOf(await ask(id, read, '', signal), ({ code, stdout }) => (code === 0 ? Buffer.from(stdout.trim(), 'base64').toString('utf8') : code === NOT_FOUND ? null : undefined)),
    set: async (id, key) => answerOf(await ask(id, write, Buffer.from(key).toString('base64')), ({ code }) => (code === 0 ? true : undefined)),
    remove: async (id) => answerOf(await ask(id, erase), ({ code }) => (code === 0 ? true : code === NOT_FOUND ? false : undefined)),
  };
}

const powershell = (env: Readonly<Record<string, string | undefined>>): string => path.win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');

const encoded = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');

/** C# as Windows PowerShell 5.1 compiles it. Generic credentials, kept for this user on this computer alone. */
const vaultMembers = `
[StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
private struct Item {
  public uint Flags; public uint Type; public string Target; public string Comment; public long Written;
  public uint Size; public IntPtr Blob; public uint Persist; public uint AttributeCount; public IntPtr Attributes; public string Alias; public string User;
}
[DllImport("advapi32.dll", EntryPoint = "CredReadW", CharSet = CharSet.Unicode, SetLastError = true)]
private static extern bool CredRead(string target, uint type, uint flags, out IntPtr item);
[DllImport("advapi32.dll", EntryPoint = "CredWriteW", CharSet = CharSet.Unicode, SetLastError = true)]
private static extern bool CredWrite(ref Item item, uint flags);
[DllImport("advapi32.dll", EntryPoint = "CredDeleteW", CharSet = CharSet.Unicode, SetLastError = true)]
private static extern bool CredDelete(string target, uint type, uint flags);
[DllImport("advapi32.dll")]
private static extern void CredFree(IntPtr item);
private static bool Found(bool done) {
  if (done) return true;
  int error = Marshal.GetLastWin32Error();
  if (error == 1168) return false;
  throw new System.ComponentModel.Win32Exception(error);
}
public static byte[] Get(string target) {
  IntPtr found;
  if (!Found(CredRead(target, 1, 0, out found))) return null;
  try {
    Item item = (Item)Marshal.PtrToStructure(found, typeof(Item));
    byte[] bytes = new byte[item.Size];
    if (item.Size > 0) Marshal.Copy(item.Blob, bytes, 0, bytes.Length);
    return bytes;
  } finally { CredFree(found); }
}
public static void Set(string target, string user, byte[] bytes) {
  IntPtr blob = Marshal.AllocHGlobal(bytes.Length);
  try {
    Marshal.Copy(bytes, 0, blob, bytes.Length);
    Item item = new Item { Type = 1, Target = target, User = user, Size = (uint)bytes.Length, Blob = blob, Persist = 2 };
    if (!CredWrite(ref item, 0)) throw new System.ComponentModel.Win32Exception(Marshal.GetLastWin32Error());
  } finally { Marshal.FreeHGlobal(blob); }
}
public static bool Remove(string target) { return Found(CredDelete(target, 1, 0)); }
`;

const script = `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
trap { [Console]::Error.WriteLine($_.Exception.GetBaseException().Message); exit 1 }
Add-Type -Namespace Airdock -Name Vault -MemberDefinition @'
${vaultMembers}'@
$item = $env:AIRDOCK_KEYCHAIN_ITEM`;
const read = `$bytes = [Airdock.Vault]::Get($item)
if ($null -eq $bytes) { exit ${NOT_FOUND} }
[Console]::Out.Write([Convert]::ToBase64String($bytes))`;
const write = '[Airdock.Vault]::Set($item, $env:AIRDOCK_KEYCHAIN_USER, [Convert]::FromBase64String([Console]::In.ReadToEnd().Trim()))';
const erase = `if (-not [Airdock.Vault]::Remove($item)) { exit ${NOT_FOUND} }`;
