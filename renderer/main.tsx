import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createHttpTransport } from './http-transport.ts';
import { createDashboard, DashboardProvider } from './store/dashboard.tsx';
import './styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

const dashboard = createDashboard(createHttpTransport({ window }));

createRoot(root).render(
  <StrictMode>
    <DashboardProvider dashboard={dashboard}>
      <App />
    </DashboardProvider>
  </StrictMode>,
);
