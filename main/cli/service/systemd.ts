/** The first line of a file that this program wrote, and may therefore change and remove. */
export const unitMark = '# Written by "airdock service install"; "airdock service remove" takes it away.';

export const unitName = 'airdock.service';

/** A systemd user unit that runs this command. `command` begins with an absolute path. */
export function unitText(command: readonly string[]): string {
  return `${unitMark}
[Unit]
Description=Airdock keeps the right local AI models in memory

[Service]
ExecStart=${execStart(command)}
Restart=on-failure
RestartSec=10
# It was called wrongly: the same call would not go better.
RestartPreventExitStatus=2
# Airdock ends its models itself, and lets what is in use finish.
KillMode=mixed

[Install]
WantedBy=default.target
`;
}

/**
 * A command line as systemd reads it (systemd.service, "Command lines"): quotes and backslashes are escaped, % would begin a specifier and $ a
 * variable. The program itself knows no variables, so that its $ stays single.
 */
export function execStart(command: readonly string[]): string {
  return command
    .map((arg, index) => {
      const escaped = arg.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/%/g, '%%');
      return `"${index === 0 ? escaped : escaped.replace(/\$/g, '$$$$')}"`;
    })
    .join(' ');
}
