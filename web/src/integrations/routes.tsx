import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';
import { type RawSearch, textParam } from '../shell/search-params';

const adminRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin',
  component: lazyRouteComponent(() => import('./AdminSettingsPage'), 'AdminSettingsPage'),
});

const integrationsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  /** The vendor whose section is open. */
  path: '/admin/integrations/{-$vendor}',
  /** `open` named that vendor in earlier releases. */
  validateSearch: (raw: RawSearch): { open?: string } => ({ open: textParam(raw.open) }),
  beforeLoad: ({ search: { open } }) => {
    if (open === undefined) return;
    redirect({ to: '/admin/integrations/{-$vendor}', params: { vendor: open }, replace: true, throw: true });
  },
  component: lazyRouteComponent(() => import('./IntegrationsPage'), 'IntegrationsPage'),
});

export const adminRoutes = [adminRoute, integrationsRoute] as const;
