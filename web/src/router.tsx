import { createRouter } from '@tanstack/react-router';
import { candidateRoutes } from './candidates/routes';
import { checkRoutes } from './checks/routes';
import { adminRoutes } from './integrations/routes';
import { jobRoutes } from './jobs/routes';
import { privacyRoutes } from './privacy/routes';
import { serviceAccountRoutes } from './service-accounts/routes';
import { signInRoute } from './session/routes';
import { whenSignedOut } from './session/session';
import { BrokenScreen } from './shell/CannotShow';
import { noteNavigation } from './shell/navigation';
import { consoleRoute, homeRoute, rootRoute } from './shell/routes';
import { Loading } from './shell/states';
import { webhookRoutes } from './webhooks/routes';

const screens = [
  ...jobRoutes,
  ...candidateRoutes,
  ...checkRoutes,
  ...adminRoutes,
  ...privacyRoutes,
  ...serviceAccountRoutes,
  ...webhookRoutes,
] as const;

export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, signInRoute, consoleRoute.addChildren(screens)]),
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: BrokenScreen,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

// Before the screen renders, because its heading reads this at once.
router.subscribe('onBeforeLoad', ({ pathChanged, fromLocation }) => {
  if (pathChanged && fromLocation) noteNavigation();
});

whenSignedOut((why) => {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in') return;
  const search = why === 'ended' ? { return_to: href, why } : {};
  void router.navigate({ to: '/sign-in', search });
});
