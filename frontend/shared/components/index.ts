/** The components that more than one page uses. */
export * from "./Composer.tsx";
export * from "./controls.tsx";
export * from "./Icon.tsx";
export * from "./MessageList.tsx";
export * from "./MeterStrip.tsx";
export * from "./people.tsx";
export * from "./RichText.tsx";
