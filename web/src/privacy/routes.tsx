import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';
import type { RawSearch } from '../shell/search-params';
import type { Part } from './DataRetentionPage';

const parts: readonly Part[] = ['due', 'anonymised', 'removed'];

const privacyRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin/privacy',
  validateSearch: (raw: RawSearch): { show?: Part } => ({ show: parts.find((part) => part === raw.show) }),
  component: lazyRouteComponent(() => import('./DataRetentionPage'), 'DataRetentionPage'),
});

export const privacyRoutes = [privacyRoute] as const;
