import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createBridgeTransport } from './bridge-transport.ts';
import { bridgeOf } from './desktop.ts';
import { createHttpTransport } from './http-transport.ts';
import { createDashboard, DashboardProvider } from './store/dashboard.tsx';
import './styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

// A new address opened where this page is shown already differs in its fragment alone, and browsers load nothing for that.
window.addEventListener('hashchange', () => {
  if (window.location.hash.startsWith('#code=')) window.location.reload();
});

const bridge = bridgeOf(window);
const dashboard = createDashboard({ transport: bridge === null ? createHttpTransport({ window }) : createBridgeTransport(bridge), window });
bridge?.on('show', (target) => dashboard.navigation.show(target));
// Drawn once, in the right language, rather than twice.
await dashboard.ready;

createRoot(root).render(
  <StrictMode>
    <DashboardProvider dashboard={dashboard}>
      <App />
    </DashboardProvider>
  </StrictMode>,
);
