import { problem, type Problem } from '../../contract/index.ts';
import { inUrl, isLoopbackAddress } from './addresses.ts';
import { portHolder } from './port-holder.ts';
import { whoAnswers } from './who-answers.ts';

const otherPort = 'choose another port: gateway.port in the settings, or --port.';

/** Why a port could not be had, in words. Who holds it is told as far as that can be found out. */
export async function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Promise<Problem> {
  const place = isLoopbackAddress(host) ? `port ${port}` : `port ${port} on ${host === '::' || host === '0.0.0.0' ? 'an address of this computer' : inUrl(host)}`;
  if (error.code === 'EADDRINUSE') {
    // Who asks a wildcard asks this computer.
    const who = await whoAnswers(host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host, port);
    if (who.kind === 'airdock') return problem('already-running', `Another Airdock, of another data folder or another user, has ${place}.`, `Use that one, or ${otherPort}`);
    if (who.kind === 'ollama') {
      return problem('bad-config', `Ollama (${who.version}) has ${place}.`, `Move Ollama to another port (airdock ollama-port take shows how), or ${otherPort}`);
    }
    const holder = await portHolder(port);
    const name = holder === null ? 'Another program' : `Another program (${holder.name}, process ${holder.pid})`;
    return problem('bad-config', `${name} has ${place}.`, `End that program, or ${otherPort}`);
  }
  if (error.code === 'EACCES') return problem('bad-config', `This user may not use port ${port}.`, 'Choose a port above 1023: gateway.port in the settings, or --port.');
  const hint = isLoopbackAddress(host) ? 'Set gateway.host to 127.0.0.1 and gateway.port to a free port.' : 'Switch gateway.lan and gateway.docker off, or set gateway.port to a free port.';
  return problem('bad-config', `Airdock cannot listen on ${inUrl(host)}:${port} (${error.code ?? error.message}).`, hint);
}
