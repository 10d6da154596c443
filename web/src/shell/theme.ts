import {
  Alert,
  Anchor,
  Avatar,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Menu,
  Modal,
  NavLink,
  Notification,
} from '@mantine/core';

/** For destructive actions: dark enough for white text. */
const danger: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#e03131',
  '#c92a2a',
  '#c92a2a',
  '#b02525',
  '#961f1f',
];

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  colors: { danger },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  respectReducedMotion: true,
  components: {
    // A yellow title would be unreadable.
    Alert: Alert.extend({ styles: { title: { color: 'var(--mantine-color-text)' } } }),
    // Colour alone does not distinguish a link from its text.
    Anchor: Anchor.extend({ defaultProps: { underline: 'always', inherit: true } }),
    Avatar: Avatar.extend({ defaultProps: { variant: 'filled', color: 'indigo.8' } }),
    // Anything but items in a menu breaks the count of screen readers.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        styles: { title: { fontWeight: 600 } },
        // A page has one banner landmark, and a dialog header is not it.
        attributes: { header: { role: 'presentation' } },
      },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } },
      styles: { description: { color: 'inherit' } },
    }),
    NavLink: NavLink.extend({ styles: { root: { borderRadius: 'var(--mantine-radius-md)' } } }),
  },
});

/** Mantine's greys and red have too little contrast (WCAG AA: 4.5 to 1). */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#495057',
    '--mantine-color-placeholder': '#5c636a',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': '#364fc7',
  },
  dark: {
    '--mantine-color-dimmed': '#b8bcc2',
    '--mantine-color-placeholder': '#a0a5ac',
    '--mantine-color-error': '#ffa8a8',
    '--mantine-color-anchor': '#a5b4fc',
  },
});
