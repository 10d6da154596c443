import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';

const serviceAccountsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin/service_accounts',
  component: lazyRouteComponent(() => import('./ServiceAccountsPage'), 'ServiceAccountsPage'),
});

export const serviceAccountRoutes = [serviceAccountsRoute] as const;
