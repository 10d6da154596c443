import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { consoleRoute } from '../shell/routes';
import type { RawSearch } from '../shell/search-params';

const parts = ['due', 'anonymised', 'removed'] as const;
export type Part = (typeof parts)[number];

const privacyRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/admin/privacy',
  /** The open tab; absent for the rules. */
  validateSearch: (raw: RawSearch): { show?: Part } => ({ show: parts.find((part) => part === raw.show) }),
  component: lazyRouteComponent(() => import('./DataRetentionPage'), 'DataRetentionPage'),
});

export const privacyRoutes = [privacyRoute] as const;
