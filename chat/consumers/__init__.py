"""The sockets: frames in, one action each, frames out. They hold no rules of their own. See docs/how/live-core.md."""
