import { Anchor, type AnchorProps, Button, type ButtonProps, NavLink, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type A<Props> = Props & Omit<ComponentPropsWithRef<'a'>, keyof Props>;

/** Mantine's links and link-like buttons, typed by the routes of the console. */
export const AppLink = createLink((props: A<AnchorProps>) => <Anchor {...props} />);
export const ButtonLink = createLink((props: A<ButtonProps>) => <Button component="a" {...props} />);
export const SidebarLink = createLink((props: A<NavLinkProps>) => <NavLink component="a" {...props} />);
