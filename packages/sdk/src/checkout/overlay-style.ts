/** A centred panel on wide screens, the whole screen on a phone, dark where the system is. */
export const overlayStyle = `
:host {
  all: initial;
  position: fixed;
  inset: 0;
  z-index: 2147483647;
  color-scheme: light dark;
}
dialog {
  position: fixed;
  inset: 0;
  display: flex;
  align-items: center;
  justify-content: center;
  box-sizing: border-box;
  width: 100%;
  height: 100%;
  max-width: none;
  max-height: none;
  margin: 0;
  padding: 0;
  border: 0;
  overflow: hidden;
  overscroll-behavior: contain;
  background: transparent;
  color: inherit;
  font-family: system-ui, sans-serif;
}
dialog:focus { outline: none; }
dialog::backdrop { background: transparent; }
.backdrop { position: absolute; inset: 0; background: rgb(0 0 0 / 55%); }
.panel {
  position: relative;
  box-sizing: border-box;
  width: min(480px, 100%);
  height: min(var(--content-height, 640px), 92vh);
  overflow: hidden;
  border-radius: 14px;
  background: #fff;
  color: #1b1b1f;
  box-shadow: 0 24px 80px rgb(0 0 0 / 40%);
}
/* The part of the screen that a keyboard leaves. */
@supports (height: 1dvh) { .panel { height: min(var(--content-height, 640px), 92dvh); } }
iframe { display: block; width: 100%; height: 100%; border: 0; opacity: 0; color-scheme: normal; }
.panel[data-ready] iframe { opacity: 1; }
.waiting { position: absolute; inset: 45% 0 auto; margin: 0; text-align: center; font-size: 15px; }
.panel[data-ready] .waiting { display: none; }
.close {
  position: absolute;
  inset: 6px 6px auto auto;
  z-index: 1;
  width: 44px;
  height: 44px;
  padding: 0;
  border: 4px solid transparent;
  border-radius: 50%;
  background: rgb(128 128 128 / 18%) padding-box;
  color: inherit;
  font: 22px/1 system-ui, sans-serif;
  cursor: pointer;
}
.close:focus-visible { outline: 2px solid #3b6cf6; outline-offset: -2px; }
@media (max-width: 520px) {
  .panel { width: 100%; height: 100%; border-radius: 0; }
}
@media (prefers-color-scheme: dark) {
  .panel { background: #171b18; color: #f2f2f5; }
  .close:focus-visible { outline-color: #9db8ff; }
}
@media (prefers-reduced-motion: no-preference) {
  .backdrop { animation: appear 160ms ease-out; }
  .panel { animation: arrive 200ms cubic-bezier(0.2, 0.7, 0.2, 1); transition: height 180ms ease-out; }
}
@keyframes appear { from { opacity: 0; } }
@keyframes arrive { from { opacity: 0; translate: 0 12px; } }
`
