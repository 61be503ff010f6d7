"""An executed notebook becomes one HTML page that can be checked, cited and harvested."""
