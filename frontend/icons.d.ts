declare module "*.svg?icon" {
  const drawing: import("./shared/components/Icon.tsx").Drawing;
  export default drawing;
}
