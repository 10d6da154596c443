import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/routes';
import { type RawSearch, textParam } from '../shell/search-params';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (raw: RawSearch): { return_to?: string; why?: string } => ({
    return_to: textParam(raw.return_to),
    why: textParam(raw.why),
  }),
  component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
});
