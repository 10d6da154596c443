import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { queryClient } from '../api/queries';
import { meQuery } from '../session/me';
import { currentToken } from '../session/session';
import { CannotShow, NoSuchPage } from './CannotShow';
import { Shell } from './Shell';

export const rootRoute = createRootRoute({
  component: Outlet,
  errorComponent: CannotShow,
  notFoundComponent: NoSuchPage,
});

/** Above every screen that needs somebody to be signed in; who comes without a token returns here after signing in. */
export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'console',
  component: Shell,
  beforeLoad: async ({ location }) => {
    if ((await currentToken()) === null)
      redirect({ to: '/sign-in', search: { return_to: location.href }, throw: true });
  },
  loader: () => queryClient.ensureQueryData(meQuery),
  errorComponent: CannotShow,
});

export const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/jobs', throw: true });
  },
});
