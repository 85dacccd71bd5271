import http from 'node:http';

const patienceMs = 300;

/**
 * Whether a llama-server is working on a request right now, by its private `/slots` (seen on Ollama 0.33; on by default upstream): also
 * in the middle of a long prompt it answers in milliseconds. null: it does not tell, and everything works without.
 */
export function askSlots(port: number): Promise<boolean | null> {
  return new Promise((resolve) => {
    const request = http.get({ hostname: '127.0.0.1', port, path: '/slots', agent: false });
    const settle = (busy: boolean | null) => {
      clearTimeout(timer);
      resolve(busy);
      request.destroy();
    };
    const timer = setTimeout(() => settle(null), patienceMs);
    request.on('error', () => settle(null));
    request.on('response', (response) => {
      if (response.statusCode !== 200) return settle(null);
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > 1_000_000) settle(null);
      });
      response.on('error', () => settle(null));
      response.on('end', () => settle(readSlots(body)));
    });
  });
}

function readSlots(body: string): boolean | null {
  let slots: unknown;
  try {
    slots = JSON.parse(body);
  } catch {
    return null;
  }
  if (!Array.isArray(slots) || slots.length === 0) return null;
  const processing = slots.map((slot: unknown) => {
    return typeof slot === 'object' && slot !== null && 'is_processing' in slot ? slot.is_processing : null;
  });
  if (processing.includes(true)) return true;
  return processing.every((one) => one === false) ? false : null;
}
