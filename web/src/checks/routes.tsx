import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';
import { listParam, pageParam, type RawSearch, textParam } from '../shell/search-params';
import type { CheckFilters } from './filters';

const checksRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/background_checks',
  validateSearch: (raw: RawSearch): CheckFilters => ({
    status: listParam(raw.status),
    job_id: textParam(raw.job_id),
    package_id: textParam(raw.package_id),
    created_after: textParam(raw.created_after),
    created_before: textParam(raw.created_before),
    page: pageParam(raw.page),
  }),
  component: lazyRouteComponent(() => import('./ChecksPage'), 'ChecksPage'),
});

const checkRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/background_checks/$checkId',
  component: lazyRouteComponent(() => import('./CheckPage'), 'CheckPage'),
});

const resultsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/background_checks/$checkId/results',
  component: lazyRouteComponent(() => import('./ResultsPage'), 'ResultsPage'),
});

export const checkRoutes = [checksRoute, checkRoute, resultsRoute] as const;
