import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

export interface Size {
  width: number
  height: number
}

/** The size of an element in CSS pixels, followed as it changes, so that charts are drawn and not stretched. */
export function useSize<T extends Element>(initial: Size): [RefObject<T>, Size] {
  const element = useRef<T>(null)
  const [size, change] = useState(initial)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      change({ width: Math.max(240, Math.round(width)), height: Math.round(height) })
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, size]
}
