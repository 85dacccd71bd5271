/** Stands in every file that this program wrote, and may therefore change and remove. */
export const agentMark = '<!-- Written by "airdock service install"; "airdock service remove" takes it away. -->';

export const agentLabel = 'dev.airdock.service';

/** A launchd agent that runs this command at login and again if it fails. */
export function agentText(command: readonly string[], logFile: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
${agentMark}
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${agentLabel}</string>
  <key>ProgramArguments</key>
  <array>
${command.map((arg) => `    <string>${xml(arg)}</string>`).join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>StandardErrorPath</key>
  <string>${xml(logFile)}</string>
</dict>
</plist>
`;
}

function xml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
