import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { asApiError } from '../api/errors';
import { queryClient } from '../api/queries';
import { integrationsQuery } from '../integrations/vendors';
import { meQuery } from '../session/me';
import { announce } from '../session/session';
import { CannotShow, PageNotFound } from './CannotShow';
import { Shell } from './Shell';

export const rootRoute = createRootRoute({
  component: Outlet,
  errorComponent: CannotShow,
  notFoundComponent: PageNotFound,
});

/** The parent of every screen that needs a session. Without one, the user signs in and returns. */
export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'console',
  component: Shell,
  beforeLoad: async ({ location }) => {
    if (queryClient.getQueryData(meQuery.queryKey) !== undefined) return;
    try {
      announce(await queryClient.ensureQueryData(meQuery));
      // Many sentences name the team's vendors.
      void queryClient.prefetchQuery(integrationsQuery);
    } catch (error) {
      const { status, reason } = asApiError(error);
      if (status !== 401) throw error;
      const why = reason === 'session_ended' ? 'ended' : undefined;
      redirect({ to: '/sign-in', search: { return_to: location.href, why }, throw: true });
    }
  },
  errorComponent: CannotShow,
});

export const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/jobs', throw: true });
  },
});
