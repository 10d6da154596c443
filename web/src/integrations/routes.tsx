import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';
import { type RawSearch, textParam } from '../shell/search-params';

const adminRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin',
  component: lazyRouteComponent(() => import('./AdminSettingsPage'), 'AdminSettingsPage'),
});

const integrationsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin/integrations',
  /** Which integration's section is open. */
  validateSearch: (raw: RawSearch): { open?: string } => ({ open: textParam(raw.open) }),
  component: lazyRouteComponent(() => import('./IntegrationsPage'), 'IntegrationsPage'),
});

export const adminRoutes = [adminRoute, integrationsRoute] as const;
