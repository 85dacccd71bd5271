import { get } from 'node:http';
import { apiPrefix, healthSchema, problem, type Problem } from '../../contract/index.ts';

/** Why a port could not be had, in words. A port that another Airdock has is told from one that any other program has. */
export async function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Promise<Problem> {
  const choose = 'End that program, or choose another port: gateway.port in the settings, or --port.';
  if (error.code === 'EADDRINUSE') {
    return (await isAirdock(host, port))
      ? problem('already-running', `Another Airdock, of another data folder or another user, has port ${port}.`, 'Use that one, or choose another port: gateway.port in the settings, or --port.')
      : problem('bad-config', `Another program has port ${port}.`, choose);
  }
  if (error.code === 'EACCES') return problem('bad-config', `This user may not use port ${port}.`, 'Choose a port above 1023: gateway.port in the settings, or --port.');
  return problem('bad-config', `Airdock cannot listen on ${host}:${port} (${error.code ?? error.message}).`, 'Set gateway.host to 127.0.0.1 and gateway.port to a free port.');
}

function isAirdock(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: `${apiPrefix}/health`, timeout: 1000, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > 4096) response.destroy();
      });
      response.on('close', () => resolve(looksLikeHealth(text)));
    });
    // The socket's timeout starts anew with every byte; a second is all there is.
    setTimeout(() => request.destroy(), 1000).unref();
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

function looksLikeHealth(text: string): boolean {
  try {
    return healthSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
