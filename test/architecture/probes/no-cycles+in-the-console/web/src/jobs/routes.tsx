import { lazy } from 'react';

export const jobRoutes = [lazy(() => import('./Page'))];
