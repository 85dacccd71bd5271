import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Transport } from '../transport.ts';
import { type Actions, createActions } from './actions.ts';
import { type Clock, createClock } from './clock.ts';
import { type ConnectionControl, startConnection } from './connection.ts';
import { type Navigation, startNavigation } from './navigation.ts';
import { createSpeech } from './speech.ts';
import { type DashboardState, initialState } from './state.ts';

export interface Dashboard {
  store: StoreApi<DashboardState>;
  actions: Actions;
  connection: ConnectionControl;
  navigation: Navigation;
  clock: Clock;
  /** Resolves when there are texts in the reader's language. */
  ready: Promise<void>;
}

interface Deps {
  transport: Transport;
  window: Window;
}

/** The page's state over one transport, connected. */
export function createDashboard({ transport, window }: Deps): Dashboard {
  const store = createStore<DashboardState>(() => initialState);
  const navigation = startNavigation({ store, window });
  const speak = createSpeech({ store, preferred: () => window.navigator.languages });
  const ready = speak('system');
  const clock = createClock(Date.now);
  let joined = store.getState().live;
  /** What a new state draws is where the countdowns are; a list of what fits would not be drawn beside them. */
  function joinDrawing() {
    const { live } = store.getState();
    if (live !== joined) clock.join();
    joined = live;
  }
  const connection = startConnection({ transport, store, now: Date.now, onSettings: (ui) => void speak(ui.language), onHeard: joinDrawing });
  return { store, actions: createActions({ store, transport }), connection, navigation, clock, ready };
}

const Context = createContext<Dashboard | null>(null);

export function DashboardProvider({ dashboard, children }: { dashboard: Dashboard; children: ReactNode }) {
  return <Context value={dashboard}>{children}</Context>;
}

function useContextValue(): Dashboard {
  const dashboard = useContext(Context);
  if (dashboard === null) throw new Error('Outside of DashboardProvider');
  return dashboard;
}

export function useDashboard<T>(select: (state: DashboardState) => T): T {
  return useStore(useContextValue().store, select);
}

export function useActions(): Actions {
  return useContextValue().actions;
}

export function useConnection(): ConnectionControl {
  return useContextValue().connection;
}

export function useNavigation(): Navigation {
  return useContextValue().navigation;
}

export function useClock(): Clock {
  return useContextValue().clock;
}
