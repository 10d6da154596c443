import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';

const endpointsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin/webhook_endpoints',
  component: lazyRouteComponent(() => import('./EndpointsPage'), 'EndpointsPage'),
});

const endpointRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin/webhook_endpoints/$endpointId',
  component: lazyRouteComponent(() => import('./EndpointPage'), 'EndpointPage'),
});

export const webhookRoutes = [endpointsRoute, endpointRoute] as const;
