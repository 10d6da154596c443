import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';
import { pageParam, type RawSearch, textParam } from '../shell/search-params';

const candidatesRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/candidates',
  validateSearch: (raw: RawSearch): { search?: string; page?: number } => ({
    search: textParam(raw.search),
    page: pageParam(raw.page),
  }),
  component: lazyRouteComponent(() => import('./CandidatesPage'), 'CandidatesPage'),
});

const candidateRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/candidates/$candidateId',
  validateSearch: (raw: RawSearch): { application?: string } => ({ application: textParam(raw.application) }),
  component: lazyRouteComponent(() => import('./CandidatePage'), 'CandidatePage'),
});

export const candidateRoutes = [candidatesRoute, candidateRoute] as const;
